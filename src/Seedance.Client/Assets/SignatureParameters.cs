namespace Seedance.Assets;

/// <summary>
/// The query parameters that only sign an address: the same file has others tomorrow. A parameter that chooses or alters
/// the file, such as <c>versionId</c> or <c>x-oss-process</c>, is none of them.
/// </summary>
internal static class SignatureParameters
{
    // Names as common as "Expires" say something only beside the mark of their vendor.
    private static readonly Scheme[] s_schemes =
    [
        new("Amazon S3 and what speaks it", ["X-Amz-Signature"],
            ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature", "X-Amz-Security-Token", "X-Amz-Content-Sha256", "X-Amz-Checksum-Mode", "x-id"]),
        new("Amazon S3, version 2", ["AWSAccessKeyId", "Signature"], ["AWSAccessKeyId", "Signature", "Expires", "x-amz-security-token"]),
        new("Google Cloud Storage", ["X-Goog-Signature"],
            ["X-Goog-Algorithm", "X-Goog-Credential", "X-Goog-Date", "X-Goog-Expires", "X-Goog-SignedHeaders", "X-Goog-Signature"]),
        new("Google Cloud Storage, version 2", ["GoogleAccessId", "Signature"], ["GoogleAccessId", "Signature", "Expires"]),
        new("Azure Storage", ["sig", "sv"],
            ["sv", "ss", "srt", "sr", "si", "se", "st", "sp", "spr", "sip", "sig", "skoid", "sktid", "skt", "ske", "sks", "skv", "saoid", "suoid", "scid", "sdd", "ses"]),
        new("Alibaba OSS", ["OSSAccessKeyId", "Signature"], ["OSSAccessKeyId", "Signature", "Expires", "security-token"]),
        new("Alibaba OSS, version 4", ["x-oss-signature"],
            ["x-oss-signature", "x-oss-signature-version", "x-oss-credential", "x-oss-date", "x-oss-expires", "x-oss-additional-headers", "x-oss-security-token", "security-token"]),
        new("Tencent COS", ["q-signature"],
            ["q-sign-algorithm", "q-ak", "q-sign-time", "q-key-time", "q-header-list", "q-url-param-list", "q-signature", "x-cos-security-token"]),
        new("Volcengine TOS", ["X-Tos-Signature"],
            ["X-Tos-Algorithm", "X-Tos-Credential", "X-Tos-Date", "X-Tos-Expires", "X-Tos-SignedHeaders", "X-Tos-Signature", "X-Tos-Security-Token", "X-Tos-Policy"]),
        new("Huawei OBS", ["AccessKeyId", "Signature"], ["AccessKeyId", "Signature", "Expires", "x-obs-security-token"]),
        new("Qiniu", ["e", "token"], ["e", "token"]),
        new("CloudFront", ["Key-Pair-Id", "Signature"], ["Key-Pair-Id", "Signature", "Policy", "Expires", "Hash-Algorithm"]),
        new("Akamai", ["hdnts"], ["hdnts"]),
        new("Akamai", ["hdnea"], ["hdnea"]),
        new("Akamai", ["hdntl"], ["hdntl"]),
        new("Akamai", ["__token__"], ["__token__"]),
        new("Bunny", ["token", "expires"], ["token", "expires", "token_path"]),
        new("ByteDance CDN", ["x-signature", "x-expires"], ["x-signature", "x-expires", "x-orig-sign", "x-orig-expires"]),
        new("Alibaba CDN", ["auth_key"], ["auth_key"]),
        new("Wangsu", ["wsSecret"], ["wsSecret", "wsTime", "wsABSTime"]),
        new("Cloudflare", ["verify"], ["verify"]) { NamesFile = true },
        new("Discord", ["ex", "is", "hm"], ["ex", "is", "hm"]),
        new("Meta", ["oh", "oe"], ["oh", "oe"]),
        new("Backblaze B2", ["Authorization"], ["Authorization"]),
        new("SharePoint", ["tempauth"], ["tempauth"]),

        // Names that many use. Where the path itself names a file, they choose none.
        new("Tencent COS, version 4, and Tencent CDN", ["sign"], ["sign", "t"]) { NamesFile = true },
        new("a signature", ["Signature"], ["Signature", "Expires", "timestamp"]) { NamesFile = true },
        new("a signature, short", ["sig"], ["sig", "exp", "expires"]) { NamesFile = true },
        new("a token", ["token"], ["token", "exp", "expires"]) { NamesFile = true },
    ];

    /// <summary>Returns the query, from its question mark, without the parameters that sign it; nothing if none is left.</summary>
    /// <param name="query">The query with its question mark, or nothing.</param>
    /// <param name="path">The path that it stands behind.</param>
    public static string Remove(string query, string path)
    {
        if (query.Length < 2)
        {
            return string.Empty;
        }

        var parameters = query[1..].Split('&').Select(text => (Text: text, Name: Uri.UnescapeDataString(text.Split('=', 2)[0]))).ToList();
        var names = parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var namesFile = System.IO.Path.HasExtension(path);
        foreach (var scheme in s_schemes.Where(scheme => (namesFile || !scheme.NamesFile) && Array.TrueForAll(scheme.Marks, names.Contains)))
        {
            parameters.RemoveAll(parameter => scheme.Names.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase));
        }

        parameters.RemoveAll(parameter => parameter.Text.Length == 0);
        return parameters.Count == 0 ? string.Empty : "?" + string.Join('&', parameters.Select(parameter => parameter.Text));
    }

    /// <summary>How somebody signs addresses.</summary>
    /// <param name="Vendor">Whose way it is.</param>
    /// <param name="Marks">What shows it: all of them are there.</param>
    /// <param name="Names">What belongs to the signature.</param>
    private sealed record Scheme(string Vendor, string[] Marks, string[] Names)
    {
        /// <summary>True if it is taken for a signature only behind a path that names a file.</summary>
        public bool NamesFile { get; init; }
    }
}
