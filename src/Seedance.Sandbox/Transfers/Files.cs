using System.Globalization;
using System.Text;
using Seedance.Sandbox.State;

namespace Seedance.Sandbox.Transfers;

/// <summary>GET /files/{name}: generated videos and their pictures, and what was uploaded; whole or in ranges.</summary>
internal sealed class Files(SandboxState state)
{
    public const string Prefix = "/files/";

    private const long PictureBytes = 16 * 1024;
    private const long MaxKeptBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan s_uploadLifetime = TimeSpan.FromHours(72);

    private readonly Dictionary<string, Upload> _uploads = [];
    private readonly Queue<string> _oldest = [];
    private long _keptBytes;

    /// <summary>Keeps an upload; the oldest give way, so that a long rehearsal does not fill the memory.</summary>
    public void Keep(string name, string type, byte[] content)
    {
        _uploads.Add(name, new Upload(type, content, state.Now + s_uploadLifetime));
        _oldest.Enqueue(name);
        _keptBytes += content.Length;
        while (_keptBytes > MaxKeptBytes && _oldest.Count > 1)
        {
            _uploads.Remove(_oldest.Dequeue(), out var gone);
            _keptBytes -= gone!.Content.Length;
        }
    }

    public SandboxResponse Get(SandboxRequest request)
    {
        var name = request.Path[Prefix.Length..];
        if (_uploads.TryGetValue(name, out var upload) && state.Now < upload.Expires)
        {
            return Serve(
                request, name, upload.Type, upload.Content.Length,
                (from, length) => new MemoryStream(upload.Content, (int)from, (int)length, writable: false));
        }

        var type = MediaType(name);
        var owner = state.Tasks.GetValueOrDefault(name[..Math.Max(name.IndexOfAny(['.', '-']), 0)]) as VideoTask;
        if (type is null || owner is null)
        {
            throw new Refusal(404, "No such file");
        }

        if (!owner.Serves(name, state.Now))
        {
            throw new Refusal(403, "This link is not valid, or has expired");
        }

        var size = type == "video/mp4" ? state.Options.VideoBytes : PictureBytes;
        return Serve(request, name, type, size, (from, length) => new PatternStream(Seed(name), from, length));
    }

    private static SandboxResponse Serve(SandboxRequest request, string name, string type, long size, Func<long, long, Stream> open)
    {
        var tag = string.Create(CultureInfo.InvariantCulture, $"\"{Seed(name):x16}\"");
        var headers = new Dictionary<string, string> { ["Accept-Ranges"] = "bytes", ["ETag"] = tag };

        // A range counts only while the file is still the one the caller began with.
        var range = request.IfRange is null || request.IfRange == tag ? ByteRange.Read(request.Range, size) : null;
        if (range is { Length: 0 })
        {
            headers["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes */{size}");
            return new SandboxResponse(416, type, default, headers);
        }
        if (range is { } wanted)
        {
            headers["Content-Range"] = string.Create(CultureInfo.InvariantCulture, $"bytes {wanted.From}-{wanted.From + wanted.Length - 1}/{size}");
        }

        var (from, length) = range ?? new ByteRange(0, size);
        return new SandboxResponse(range is null ? 200 : 206, type, default, headers)
        {
            Length = length,
            Content = request.Method == "HEAD" ? null : open(from, length),
        };
    }

    private static string? MediaType(string name) => Path.GetExtension(name) switch
    {
        ".mp4" => "video/mp4",
        ".jpg" => "image/jpeg",
        ".png" => "image/png",
        _ => null,
    };

    private static ulong Seed(string name)
    {
        var hash = 0UL;
        foreach (var octet in Encoding.UTF8.GetBytes(name))
        {
            hash = Ids.Mix(hash * 31 + octet);
        }

        return hash;
    }

    private sealed record Upload(string Type, byte[] Content, DateTimeOffset Expires);
}
