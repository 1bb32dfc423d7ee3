using System.Globalization;
using Seedance.Sandbox.State;

namespace Seedance.Sandbox.Transfers;

/// <summary>POST /v1/uploads/images: a local picture becomes a public URL.</summary>
internal sealed class Uploads(SandboxState state, Files files)
{
    private const int MaxBytes = 20 * 1024 * 1024;

    public SandboxResponse Post(SandboxRequest request)
    {
        var part = MultipartForm.Find(request.ContentType, request.Body, "file")
            ?? throw Refusal.Invalid("The body must be multipart/form-data with a field named file");
        if (part.Content.IsEmpty)
        {
            throw Refusal.Invalid("The file is empty");
        }

        if (part.Content.Length > MaxBytes)
        {
            throw new Refusal(413, "The file exceeds 20 MB");
        }

        var type = PictureType(part.Content.Span)
            ?? throw Refusal.Invalid("The file must be a JPEG, PNG, WebP or GIF picture");

        var number = state.Ids.Next();
        var filename = part.FileName ?? "upload";
        var name = string.Create(CultureInfo.InvariantCulture,
            $"{state.Now.ToUnixTimeMilliseconds()}-{(uint)state.Ids.Draw(number, 0):x8}-{number}-{Safe(filename)}");
        files.Keep(name, type, part.Content.ToArray());
        state.Log.Accepted(state.Now, request, taskId: null);

        return SandboxResponse.Bare(json =>
        {
            json.WriteString("url", state.BaseOf(request) + Files.Prefix + name);
            json.WriteString("filename", filename);
            json.WriteString("content_type", type);
            json.WriteNumber("bytes", part.Content.Length);
            json.WriteNumber("created_at", state.Now.ToUnixTimeSeconds());
        });
    }

    /// <summary>What the first bytes say; a name proves nothing.</summary>
    private static string? PictureType(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
        {
            return "image/jpeg";
        }

        if (content.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
        {
            return "image/png";
        }

        if (content.StartsWith("GIF87a"u8) || content.StartsWith("GIF89a"u8))
        {
            return "image/gif";
        }

        return content.Length >= 12 && content.StartsWith("RIFF"u8) && content[8..].StartsWith("WEBP"u8) ? "image/webp" : null;
    }

    private static string Safe(string filename) => string.Create(filename.Length, filename, static (span, text) =>
    {
        for (var index = 0; index < span.Length; index++)
        {
            span[index] = char.IsAsciiLetterOrDigit(text[index]) || text[index] is '.' or '_' ? text[index] : '-';
        }
    });
}
