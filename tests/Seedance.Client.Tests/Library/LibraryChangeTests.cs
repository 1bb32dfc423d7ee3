using Seedance.Sandbox;

namespace Seedance.Client.Tests.Library;

public sealed class LibraryChangeTests
{
    [Theory]
    [InlineData(LibraryForm.Upstream)]
    [InlineData(LibraryForm.Envelope)]
    [InlineData(LibraryForm.NoContent)]
    public void One_asset_is_read_renamed_and_deleted_in_either_form(LibraryForm form)
    {
        var fixture = With(new LibraryOptions { Form = form });
        Assert.True(fixture.Time.Run(() => fixture.Client.RenameAssetAsync("asset_1", "new name")));
        Assert.Equal("""{"name":"new name"}""", Assert.Single(fixture.Network.Calls).Body);
        Assert.Equal(("asset_1", "new name", true, "group_cast"), fixture.Time.Run(() => fixture.Client.GetLibraryAssetAsync("asset_1")) is { } asset
            ? (asset.AssetId, asset.Name, asset.IsUsable, asset.GroupId) : default);
        Assert.Equal("cast", fixture.Time.Run(() => fixture.Client.GetGroupAsync("group_cast"))?.Name);
        Assert.True(fixture.Time.Run(() => fixture.Client.DeleteAssetAsync("asset_1")));
        Assert.Null(fixture.Time.Run(() => fixture.Client.GetLibraryAssetAsync("asset_1")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_gone_already_is_deleted(bool upstreamErrors)
    {
        var fixture = With(new LibraryOptions { UpstreamErrors = upstreamErrors });
        Assert.True(fixture.Time.Run(() => fixture.Client.DeleteGroupAsync("group_cast")));
        Assert.False(fixture.Time.Run(() => fixture.Client.DeleteGroupAsync("group_cast")));
        Assert.False(fixture.Time.Run(() => fixture.Client.DeleteAssetAsync("asset_1")));
        Assert.False(fixture.Time.Run(() => fixture.Client.RenameAssetAsync("asset_1", "x")));
        Assert.Null(fixture.Time.Run(() => fixture.Client.GetGroupAsync("group_cast")));
    }

    [Fact]
    public void What_upstream_says_of_a_failure_is_read()
    {
        var fixture = With(new LibraryOptions());
        fixture.Network.Script = _ => Answers.Json(200, """{"ResponseMetadata":{"RequestId":"r","Error":{"Code":"AccessDenied.Project","Message":"not of this project"}}}""");
        var failure = Assert.Throws<SeedanceException>(() => fixture.Time.Run(() => fixture.Client.RenameAssetAsync("asset_1", "x")));
        Assert.Equal(("AccessDenied.Project", "not of this project"), (failure.Code, failure.ApiMessage));

        fixture.Network.Script = _ => Answers.Json(200, """{"ResponseMetadata":{"Error":{"Code":"NotFound.asset_id","Message":"gone"}}}""");
        Assert.False(fixture.Time.Run(() => fixture.Client.DeleteAssetAsync("asset_1")));
    }

    [Fact]
    public void A_gateway_without_a_library_has_deleted_nothing()
    {
        var fixture = With(new LibraryOptions());
        fixture.Network.Script = _ => Answers.Error(404, "nothing here");
        var failure = Assert.Throws<SeedanceException>(() => fixture.Time.Run(() => fixture.Client.DeleteAssetAsync("asset_1")));
        Assert.Contains("no asset library", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deletion_whose_answer_is_lost_is_sent_again_and_is_done()
    {
        var fixture = With(new LibraryOptions());
        var isFirst = true;
        fixture.Network.Script = call =>
        {
            if (call.Method == "DELETE" && isFirst)
            {
                isFirst = false;
                fixture.Network.Sandbox.Handle(new SandboxRequest(call.Method, call.Address.AbsolutePath, "", call.Authorization, null, default));
                throw new HttpRequestException(HttpRequestError.ResponseEnded, "Connection reset by peer");
            }

            return null;
        };

        Assert.False(fixture.Time.Run(() => fixture.Client.DeleteAssetAsync("asset_1")));
        Assert.Equal(2, fixture.Network.Calls.Count(call => call.Method == "DELETE"));
        Assert.Null(fixture.Time.Run(() => fixture.Client.GetLibraryAssetAsync("asset_1")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    public void What_is_no_id_reaches_no_address(string id)
    {
        var fixture = With(new LibraryOptions());
        Assert.Equal(SeedanceErrorKind.InvalidInput, Assert.Throws<SeedanceException>(() => fixture.Time.Run(() => fixture.Client.DeleteAssetAsync(id))).Kind);
        Assert.Empty(fixture.Network.Calls);
    }

    private static ClientFixture With(LibraryOptions library)
    {
        var fixture = new ClientFixture(new SandboxOptions { Library = library });
        fixture.Network.Sandbox.AddGroup("group_cast", "cast");
        fixture.Network.Sandbox.AddAsset("asset_1", "row-1", "group_cast");
        return fixture;
    }
}
