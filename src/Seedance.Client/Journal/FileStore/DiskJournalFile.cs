using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Seedance.Journal.FileStore;

/// <summary>
/// A journal file on disk, readable by its user only. The lock is on the file itself, so that it holds by whatever path
/// or link the others come; where the system cannot tell that it excludes, nothing is written.
/// </summary>
internal sealed class DiskJournalFile(string path, TimeProvider time) : IJournalFile
{
    // A process that is suspended while it writes holds the lock for as long; its outcomes are worth more than our haste.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(3);

    public string Name { get; } = path;

    private string OffsetsPath => Resolve(Name) + ".offsets";

    private string Folder => Path.GetDirectoryName(Path.GetFullPath(Name))!;

    public IJournalView? Open() => Open(Name);

    public IJournalView? OpenOffsets() => Open(OffsetsPath);

    public void ReplaceOffsets(Action<Stream>? write)
    {
        var (target, whole) = (OffsetsPath, $"{OffsetsPath}.{Guid.NewGuid():N}.part");
        if (write is null)
        {
            File.Delete(target);
            return;
        }

        try
        {
            using (var stream = CreatePrivate(whole))
            {
                write(stream);
            }

            File.Move(whole, target, overwrite: true);
        }
        catch
        {
            File.Delete(whole);
            throw;
        }
    }

    private static View? Open(string path)
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? new View(OpenFile(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete).SafeFileHandle)
                : OpenUnlocked(path) is { } handle ? new View(handle) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public async ValueTask<IJournalLock> LockAsync(CancellationToken cancellationToken)
    {
        MakeFolder(Folder);
        for (var began = time.GetTimestamp(); ;)
        {
            try
            {
                if (OperatingSystem.IsWindows())
                {
                    // A file that is open is not moved away there; the lock beside it leaves the journal itself readable.
                    var beside = OpenFile(Resolve(Name) + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                    return new Lock(this, OpenFile(Name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite).SafeFileHandle, beside);
                }

                var file = OpenFile(Name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                if (IsExcluded())
                {
                    return new Lock(this, file.SafeFileHandle, null);
                }

                // The path has come to name another file meanwhile, or this file system does not lock.
                file.Dispose();
                if (time.GetElapsedTime(began) >= s_timeout / 10)
                {
                    throw JournalErrors.NotLocking(Name);
                }
            }
            catch (IOException e) when (IsInUse(e) && time.GetElapsedTime(began) < s_timeout)
            {
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }
    }

    public (IDisposable Hold, string Place) HoldRun(string runId)
    {
        MakeFolder(Folder);
        var place = Path.Combine(Folder, $"{Path.GetFileName(Resolve(Name))}.{runId}.run");
        return (OpenFile(place, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose), place);
    }

    public bool IsRunHeld(string place)
    {
        try
        {
            // What can be opened beside its holder has none: left behind by a process that was killed.
            new FileStream(place, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            File.Delete(place);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException e) when (IsInUse(e))
        {
            return true;
        }
    }

    // Proves two things at once: the file that is locked is the one that the path names, and its lock excludes.
    private bool IsExcluded()
    {
        try
        {
            OpenFile(Name, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return false;
        }
        catch (IOException e) when (IsInUse(e))
        {
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private static string Resolve(string path) => File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;

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

    /// <summary>Creates a file, or empties one, that its user alone can read.</summary>
    public static FileStream CreatePrivate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static FileStream OpenFile(string path, FileMode mode, FileAccess access, FileShare share, FileOptions extra = FileOptions.None)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0, Options = extra };
        if (!OperatingSystem.IsWindows() && mode == FileMode.OpenOrCreate)
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    // The runtime would put a shared lock on what it opens, and a reader would keep writers waiting.
    private static SafeFileHandle? OpenUnlocked(string path)
    {
        const int NoSuchFile = 2;
        const int NotADirectory = 20;
        var closeOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;
        var descriptor = open(System.Text.Encoding.UTF8.GetBytes(path + "\0"), closeOnExec);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        var error = Marshal.GetLastPInvokeError();
        return error is NoSuchFile or NotADirectory ? null : throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: {path}");
    }

    // Sharing violation: on Windows its own code, elsewhere EWOULDBLOCK.
    private static bool IsInUse(IOException e) =>
        e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException or DriveNotFoundException)
        && (OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33 : e.HResult is 11 or 35);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open(byte[] path, int flags);

    private class View(SafeFileHandle file) : IJournalView
    {
        public long Length => RandomAccess.GetLength(File);

        protected SafeFileHandle File { get; } = file;

        public int Read(long offset, Span<byte> buffer)
        {
            // The system may give less at once than there is.
            var filled = 0;
            for (int read; filled < buffer.Length && (read = RandomAccess.Read(File, buffer[filled..], offset + filled)) > 0;)
            {
                filled += read;
            }

            return filled;
        }

        public virtual void Dispose() => File.Dispose();
    }

    private sealed class Lock(DiskJournalFile place, SafeFileHandle file, FileStream? beside) : View(file), IJournalLock
    {
        public bool IsCurrent => beside is not null || place.IsExcluded();

        // A flush blocks; the thread pool has threads to spare, the caller may not.
        public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes) => new(Task.Run(() =>
        {
            RandomAccess.Write(File, bytes.Span, offset);
            RandomAccess.FlushToDisk(File);
        }));

        // Beside the journal, so that the move is one step of the file system; whoever waits for the lock finds it to be another file's.
        public async ValueTask ReplaceAsync(Func<Stream, ValueTask> write)
        {
            var (target, whole) = (Resolve(place.Name), $"{Resolve(place.Name)}.{Guid.NewGuid():N}.part");
            try
            {
                await using (var stream = CreatePrivate(whole))
                {
                    await write(stream);
                    stream.Flush(flushToDisk: true);
                }

                if (beside is not null)
                {
                    // Windows moves nothing onto a file that is open.
                    File.Dispose();
                }

                place.ReplaceOffsets(null);
                System.IO.File.Move(whole, target, overwrite: true);
            }
            catch
            {
                System.IO.File.Delete(whole);
                throw;
            }
        }

        public void Truncate(long length) => RandomAccess.SetLength(File, length);

        public override void Dispose()
        {
            base.Dispose();
            beside?.Dispose();
        }
    }
}
