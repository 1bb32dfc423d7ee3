using Microsoft.Win32.SafeHandles;

namespace Seedance.Journal.FileStore;

/// <summary>A journal file on disk, readable by its user only, written by one process at a time.</summary>
internal sealed class DiskJournalFile(string path, TimeProvider time) : IJournalFile
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(3);

    private FileStream? _file;
    private FileStream? _readOnly;

    public string Name { get; } = path;

    public long Length => Handle(forWriting: false) is { } handle ? RandomAccess.GetLength(handle) : 0;

    // An exclusive handle on a file beside the journal: released by the system even when its process is killed.
    public async ValueTask<IDisposable> LockAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                MakeFolder(Path.GetDirectoryName(Path.GetFullPath(Name))!);
                return Open(Name + ".lock", FileShare.None);
            }
            catch (IOException e) when (IsInUse(e) && time.GetElapsedTime(began) < s_patience)
            {
                await Task.Delay(s_pause, time, cancellationToken);
            }
        }
    }

    public int Read(long offset, Span<byte> buffer) =>
        Handle(forWriting: false) is { } handle ? RandomAccess.Read(handle, buffer, offset) : 0;

    // A flush blocks; the thread pool has threads to spare, the caller may not.
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes) => new(Task.Run(() =>
    {
        var handle = Handle(forWriting: true)!;
        RandomAccess.Write(handle, bytes.Span, offset);
        RandomAccess.FlushToDisk(handle);
    }));

    public void Truncate(long length) => _file?.SetLength(length);

    public async ValueTask DisposeAsync()
    {
        if (_file is not null)
        {
            await _file.DisposeAsync();
        }

        if (_readOnly is not null)
        {
            await _readOnly.DisposeAsync();
        }
    }

    private SafeFileHandle? Handle(bool forWriting)
    {
        if (forWriting)
        {
            return (_file ??= Open(Name, FileShare.ReadWrite)).SafeFileHandle;
        }

        if (_file is null && _readOnly is null && File.Exists(Name))
        {
            _readOnly = new FileStream(Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }

        return (_file ?? _readOnly)?.SafeFileHandle;
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStream Open(string path, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = share,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    // Sharing violation: on Windows its own code, elsewhere EWOULDBLOCK.
    private static bool IsInUse(IOException e) =>
        e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException or DriveNotFoundException)
        && (OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33 : e.HResult is 11 or 35);
}
