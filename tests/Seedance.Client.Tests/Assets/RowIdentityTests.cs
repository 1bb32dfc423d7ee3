namespace Seedance.Client.Tests.Assets;

public sealed class RowIdentityTests
{
    private const string Base = "https://bucket.example.com/cast/a.png";

    public static TheoryData<string, string, string> Signed() => new()
    {
        { "S3", "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=t1&X-Amz-Signature=s1&x-id=GetObject",
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AK%2F20260102%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260102T000000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Security-Token=t2&X-Amz-Signature=s2&x-id=GetObject" },
        { "S3 v2", "AWSAccessKeyId=AK&Expires=1700000000&Signature=s1", "AWSAccessKeyId=AK&Expires=1700086400&Signature=s2" },
        { "GCS", "X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=c1&X-Goog-Date=d1&X-Goog-Expires=3600&X-Goog-SignedHeaders=host&X-Goog-Signature=s1",
            "X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=c2&X-Goog-Date=d2&X-Goog-Expires=3600&X-Goog-SignedHeaders=host&X-Goog-Signature=s2" },
        { "GCS v2", "GoogleAccessId=me%40p.iam&Expires=1&Signature=s1", "GoogleAccessId=me%40p.iam&Expires=2&Signature=s2" },
        { "Azure", "sv=2024-11-04&st=2026-01-01&se=2026-01-02&sr=b&sp=r&spr=https&sig=s1", "sv=2024-11-04&st=2026-01-02&se=2026-01-03&sr=b&sp=r&spr=https&sig=s2" },
        { "Azure, delegated", "skoid=a&sktid=b&skt=1&ske=2&sks=b&skv=3&sv=4&se=5&sr=b&sp=r&sig=s1", "skoid=a&sktid=b&skt=2&ske=3&sks=b&skv=3&sv=4&se=6&sr=b&sp=r&sig=s2" },
        { "OSS", "OSSAccessKeyId=AK&Expires=1&Signature=s1&security-token=t1", "OSSAccessKeyId=AL&Expires=2&Signature=s2&security-token=t2" },
        { "OSS v4", "x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=c1&x-oss-date=d1&x-oss-expires=60&x-oss-signature=s1", "x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=c2&x-oss-date=d2&x-oss-expires=60&x-oss-signature=s2" },
        { "COS", "q-sign-algorithm=sha1&q-ak=AK&q-sign-time=1;2&q-key-time=1;2&q-header-list=host&q-url-param-list=&q-signature=s1&x-cos-security-token=t1",
            "q-sign-algorithm=sha1&q-ak=AK&q-sign-time=2;3&q-key-time=2;3&q-header-list=host&q-url-param-list=&q-signature=s2&x-cos-security-token=t2" },
        { "COS v4", "sign=s1", "sign=s2" },
        { "TOS", "X-Tos-Algorithm=TOS4&X-Tos-Credential=c1&X-Tos-Date=d1&X-Tos-Expires=60&X-Tos-SignedHeaders=host&X-Tos-Signature=s1", "X-Tos-Algorithm=TOS4&X-Tos-Credential=c2&X-Tos-Date=d2&X-Tos-Expires=60&X-Tos-SignedHeaders=host&X-Tos-Signature=s2" },
        { "OBS", "AccessKeyId=AK&Expires=1&Signature=s1", "AccessKeyId=AK&Expires=2&Signature=s2" },
        { "Qiniu", "e=1&token=k:s1", "e=2&token=k:s2" },
        { "CloudFront", "Expires=1&Signature=s1&Key-Pair-Id=K1", "Expires=2&Signature=s2&Key-Pair-Id=K1" },
        { "CloudFront, policy", "Policy=p1&Signature=s1&Key-Pair-Id=K1", "Policy=p2&Signature=s2&Key-Pair-Id=K2" },
        { "Akamai", "hdnts=exp=1~hmac=a", "hdnts=exp=2~hmac=b" },
        { "Akamai", "hdnea=exp=1~hmac=a", "hdnea=exp=2~hmac=b" },
        { "Akamai", "token=exp=1~hmac=a", "token=exp=2~hmac=b" },
        { "Alibaba CDN", "auth_key=1-0-0-a", "auth_key=2-0-0-b" },
        { "Bunny", "token=a&expires=1", "token=b&expires=2" },
        { "ByteDance", "x-expires=1&x-signature=a", "x-expires=2&x-signature=b" },
        { "Wangsu", "wsSecret=a&wsTime=1", "wsSecret=b&wsTime=2" },
        { "Tencent CDN", "sign=a&t=1", "sign=b&t=2" },
        { "Discord", "ex=1&is=1&hm=a", "ex=2&is=2&hm=b" },
        { "one of a house's own", "Signature=a&Expires=1", "Signature=b&Expires=2" },
        { "one of a house's own", "sig=a", "sig=b" },
    };

    [Theory]
    [MemberData(nameof(Signed))]
    public void A_row_is_the_same_when_its_address_is_signed_anew(string vendor, string first, string second)
    {
        Assert.NotEqual(first, second);
        var plain = Of(Base);
        Assert.True(plain == Of($"{Base}?{first}"), vendor);
        Assert.Equal(plain, Of($"{Base}?{second}"));
        Assert.Equal(plain, Of($"{Base}?{first.ToUpperInvariant()}"));

        // What is no part of the signature counts, before it and behind it.
        Assert.Equal(Of($"{Base}?{first}&versionId=1"), Of($"{Base}?versionId=1&{second}"));
        Assert.NotEqual(Of($"{Base}?{first}&versionId=1"), Of($"{Base}?{first}&versionId=2"));
    }

    [Theory]
    [InlineData("OSSAccessKeyId=AK&Expires=1&Signature=s&x-oss-process=image/resize,w_100", "OSSAccessKeyId=AK&Expires=1&Signature=s&x-oss-process=image/resize,w_200")]
    [InlineData("x-oss-signature=s&x-oss-process=a", "x-oss-signature=s&x-oss-process=b")]
    [InlineData("X-Tos-Signature=s&x-tos-process=a", "X-Tos-Signature=s&x-tos-process=b")]
    [InlineData("X-Amz-Signature=s&versionId=1", "X-Amz-Signature=s&versionId=2")]
    [InlineData("X-Amz-Signature=s&id=1", "X-Amz-Signature=s&id=2")]
    [InlineData("sv=1&sig=s&snapshot=1", "sv=1&sig=s&snapshot=2")]
    [InlineData("st=1", "st=2")]
    [InlineData("t=1", "t=2")]
    [InlineData("e=1", "e=2")]
    [InlineData("Expires=1", "Expires=2")]
    [InlineData("policy=1", "policy=2")]
    public void What_chooses_or_alters_the_file_keeps_rows_apart(string first, string second) => Assert.NotEqual(Of($"{Base}?{first}"), Of($"{Base}?{second}"));

    [Theory]
    [InlineData("https://example.com/download?token=1", "https://example.com/download?token=2")]
    [InlineData("https://example.com/get?sign=1", "https://example.com/get?sign=2")]
    public void A_common_name_may_be_all_that_names_the_file(string first, string second) => Assert.NotEqual(Of(first), Of(second));

    [Theory]
    [InlineData("HTTPS://Example.COM/a.png", "https://example.com/a.png")]
    [InlineData("https://example.com:443/a.png", "https://example.com/a.png")]
    [InlineData("http://example.com:80/a.png", "http://example.com/a.png")]
    [InlineData("https://example.com./a.png", "https://example.com/a.png")]
    [InlineData("https://example.com/a.png#top", "https://example.com/a.png")]
    [InlineData("https://example.com/a.png?", "https://example.com/a.png")]
    [InlineData("https://example.com/%7Eann/%61.png", "https://example.com/~ann/a.png")]
    [InlineData("https://example.com/a%2fb.png", "https://example.com/a%2Fb.png")]
    [InlineData("https://example.com/x/../a.png", "https://example.com/a.png")]
    [InlineData("https://example.com/\u56FE.png", "https://example.com/%e5%9b%be.png")]
    [InlineData("https://b\u00FCcher.example.com/a.png", "https://xn--bcher-kva.example.com/a.png")]
    [InlineData("https://example.com/a.png?n=%c3%a4", "https://example.com/a.png?n=\u00E4")]
    public void An_address_is_the_same_however_it_is_spelled(string one, string other) => Assert.Equal(Of(one), Of(other));

    [Theory]
    [InlineData("https://example.com/a.png", "http://example.com/a.png")]
    [InlineData("https://example.com/a.png", "https://example.com/A.png")]
    [InlineData("https://example.com/a.png", "https://example.com:8443/a.png")]
    [InlineData("https://example.com/a%2Fb.png", "https://example.com/a/b.png")]
    [InlineData("https://example.com/?f=a", "https://example.com/?f=b")]
    public void What_is_spelled_alike_may_be_another(string one, string other) => Assert.NotEqual(Of(one), Of(other));

    [Fact]
    public void A_row_is_found_by_what_earlier_versions_knew_it_by()
    {
        var signed = $"{Base}?X-Amz-Signature=a";
        Assert.Equal((Base, signed), RowIdentity.Of(new AssetSource(signed), MatchBy.Address));
        Assert.Equal((signed, null), RowIdentity.Of(new AssetSource(signed), MatchBy.FullAddress));
        Assert.Equal((Base, $"{Base}?f=1"), RowIdentity.Of(new AssetSource($"{Base}?f=1"), MatchBy.AddressWithoutQuery));
        Assert.Equal(("name:ann", Base), RowIdentity.Of(new AssetSource(signed) { Name = "ann" }, MatchBy.Name));
        Assert.Equal((Base, signed), RowIdentity.Of(new AssetSource(signed) { Name = "a.png-0123456789", IsNameGenerated = true }, MatchBy.Name));
        Assert.Equal((null, null), RowIdentity.Of(new AssetSource(null), MatchBy.Address));
    }

    [Theory]
    [InlineData(MatchBy.Address)]
    [InlineData(MatchBy.FullAddress)]
    [InlineData(MatchBy.AddressWithoutQuery)]
    [InlineData(MatchBy.Name)]
    public void The_rows_own_id_comes_before_all(MatchBy matchBy) =>
        Assert.Equal(("row:7", Base), RowIdentity.Of(new AssetSource($"{Base}?X-Amz-Signature=a") { RowId = "7", Name = "ann" }, matchBy));

    [Fact]
    public void What_is_taken_for_plain_is_what_the_framework_leaves_alone()
    {
        var random = new Random(1);
        string[] parts = ["a", "B", "9", "-", "_", "~", ".", "/", "x.png", "..", "%41", "?", "#", ":", "@", "é", " ", "\\", "127"];
        var plain = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var address = $"http{(i % 2 == 0 ? "s" : "")}://{Text(3)}.{(i % 3 == 0 ? "example" : Text(2))}/{Text(5)}";
            if (RowIdentity.Plain().IsMatch(address))
            {
                plain++;
                Assert.True(!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.AbsoluteUri == address, address);
            }
        }

        Assert.InRange(plain, 500, 200_000);

        string Text(int most) => string.Concat(Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => parts[random.Next(parts.Length)]));
    }

    private static string? Of(string address) => RowIdentity.Of(new AssetSource(address), MatchBy.Address).Identity;
}
