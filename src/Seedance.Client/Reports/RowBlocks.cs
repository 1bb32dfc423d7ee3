using System.Buffers;
using System.Text.Json;

namespace Seedance.Reports;

/// <summary>
/// Writes rows as JSON into blocks of about a megabyte, each in a <c>script</c> element of its own that does not run:
/// neither this side nor the browser ever holds the text of all rows at once.
/// </summary>
internal sealed class RowBlocks(Stream destination, bool includeThumbnails) : IDisposable
{
    private const int BlockBytes = 1024 * 1024;

    /// <summary>The most bytes of pictures in a page: one that a mail server refuses, or a browser takes minutes to open, serves nobody.</summary>
    internal const long MaxThumbnailBytes = 24 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(BlockBytes);
    private readonly Utf8JsonWriter _json = new(Stream.Null);
    private readonly Dictionary<ReportRowState, long> _counts = [];
    private bool _isOpen;
    private long _thumbnailBytes;

    /// <summary>How many rows were written, by state.</summary>
    public IReadOnlyDictionary<ReportRowState, long> Counts => _counts;

    /// <summary>How many pictures did not fit.</summary>
    public long ThumbnailsLeftOut { get; private set; }

    public async ValueTask AddAsync(ReportRow row, CancellationToken cancellationToken)
    {
        if (!_isOpen)
        {
            _buffer.Write("<script type=\"application/json\" class=\"rows\">"u8);
            _json.Reset(_buffer);
            _json.WriteStartArray();
            _isOpen = true;
        }

        _counts[row.State] = _counts.GetValueOrDefault(row.State) + 1;
        ReportJson.Write(_json, row, Admit(row.Thumbnail));
        if (_buffer.WrittenCount + _json.BytesPending >= BlockBytes)
        {
            await EndAsync(cancellationToken);
        }
    }

    /// <summary>Ends the block at hand, if there is one.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (!_isOpen)
        {
            return;
        }

        _json.WriteEndArray();
        _json.Flush();
        _buffer.Write("</script>\n"u8);
        await destination.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        _buffer.ResetWrittenCount();
        _isOpen = false;
    }

    public void Dispose() => _json.Dispose();

    private ReportThumbnail? Admit(ReportThumbnail? thumbnail)
    {
        if (!includeThumbnails || thumbnail is null)
        {
            return null;
        }

        if (_thumbnailBytes + thumbnail.Content.Length > MaxThumbnailBytes)
        {
            ThumbnailsLeftOut++;
            return null;
        }

        _thumbnailBytes += thumbnail.Content.Length;
        return thumbnail;
    }
}
