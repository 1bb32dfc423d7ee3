using System.Buffers;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Seedance.Http;
using Seedance.Images;

namespace Seedance.Transfers;

/// <summary>
/// A picture as multipart/form-data, field <c>file</c>, read from its file while it leaves: memory holds one block. Each
/// attempt opens the file anew, and its last block leaves only if all of them are what was looked at: what a picture's
/// hash stands for in the journal is what was uploaded. The framework's multipart content would still need a stream that
/// counts, hashes and tells a file's failures from the network's.
/// </summary>
internal sealed class ImageContent : ReplayableContent
{
    private const int BlockSize = 64 * 1024;
    private const string Changed = "The file has changed since it was looked at.";

    private readonly LocalImage _picture;
    private readonly Action<long>? _moved;
    private readonly string _boundary;
    private readonly byte[] _head;
    private readonly byte[] _tail;
    private IOException? _failure;

    public ImageContent(LocalImage picture, Action<long>? moved)
        : this(picture, moved, $"seedance-{Guid.NewGuid():N}")
    {
    }

    private ImageContent(LocalImage picture, Action<long>? moved, string boundary)
    {
        _picture = picture;
        _moved = moved;
        _boundary = boundary;
        var name = System.IO.Path.GetFileName(picture.Path);
        _head = Encoding.ASCII.GetBytes(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{Plain(name)}\"; filename*=utf-8''{Uri.EscapeDataString(name)}\r\nContent-Type: {picture.Info.MediaType}\r\n\r\n");
        _tail = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        Headers.ContentType = new MediaTypeHeaderValue("multipart/form-data") { Parameters = { new NameValueHeaderValue("boundary", boundary) } };
    }

    public override SeedanceException? Failure => _failure is null ? null : FileErrors.NotReadable(_picture.Path, _failure);

    public override ReplayableContent Clone() => new ImageContent(_picture, _moved, _boundary);

    protected override async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            await using var file = Open();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await stream.WriteAsync(_head, cancellationToken);
            Moved();
            var left = _picture.Length;
            for (int read; left > 0 && (read = await ReadAsync(file, block.AsMemory(0, (int)Math.Min(BlockSize, left)), cancellationToken)) > 0;)
            {
                left -= read;
                hash.AppendData(block.AsSpan(0, read));
                if (left == 0 && Convert.ToHexString(hash.GetHashAndReset()) != _picture.ContentHash)
                {
                    throw Failed(new IOException(Changed));
                }

                await stream.WriteAsync(block.AsMemory(0, read), cancellationToken);
                Moved();
                _moved?.Invoke(_picture.Length - left);
            }

            if (left > 0)
            {
                throw Failed(new IOException("The file became shorter while it was read."));
            }

            await stream.WriteAsync(_tail, cancellationToken);
            Moved();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _head.Length + _picture.Length + _tail.Length;
        return true;
    }

    private FileStream Open()
    {
        try
        {
            var file = new FileStream(_picture.Path, new FileStreamOptions { Share = FileShare.Read | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
            return file.Length == _picture.Length ? file : throw Failed(new IOException(Changed));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e as IOException ?? new IOException(e.Message, e));
        }
    }

    private async ValueTask<int> ReadAsync(FileStream file, Memory<byte> block, CancellationToken cancellationToken)
    {
        try
        {
            return await file.ReadAsync(block, cancellationToken);
        }
        catch (IOException e)
        {
            throw Failed(e);
        }
    }

    // For readers that do not know filename*: letters that need no quoting.
    private static string Plain(string name) => string.Create(name.Length, name, static (span, text) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.IsAsciiLetterOrDigit(text[i]) || text[i] is '.' or '-' or '_' or ' ' ? text[i] : '_';
        }
    });

    private IOException Failed(IOException failure)
    {
        _failure ??= failure;
        return failure;
    }
}
