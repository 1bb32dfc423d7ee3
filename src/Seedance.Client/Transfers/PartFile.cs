using System.Globalization;

namespace Seedance.Transfers;

/// <summary>
/// A file that is not whole yet: <c>name.part</c>, and beside it, in <c>name.part.tag</c>, which version of the file it
/// is a part of. One process writes it at a time; it gets its name when it is whole. The names can be foreseen, and others
/// may write into the folder: no link at any of them is written through.
/// </summary>
internal sealed class PartFile : IDisposable
{
    private const string Suffix = ".part";

    private readonly string _target;
    private readonly string _tag;
    private readonly FileStream _file;
    private bool _isDone;

    private PartFile(string target, FileStream file)
    {
        _target = target;
        _file = file;
        _tag = file.Name + ".tag";
        Length = file.Length;
        if (Length > 0 && File.Exists(_tag) && !IsLink(_tag) && File.ReadAllLines(_tag) is [{ Length: > 0 } validator, var total, ..])
        {
            Validator = validator;
            Total = long.TryParse(total, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : null;
        }
        else
        {
            // Nobody knows of what this is a part.
            file.SetLength(0);
            Length = 0;
        }

        file.Position = Length;
    }

    /// <summary>Where the part is.</summary>
    public string Path => _file.Name;

    /// <summary>How many bytes are there.</summary>
    public long Length { get; private set; }

    /// <summary>How long the whole is; null if that was not told.</summary>
    public long? Total { get; private set; }

    /// <summary>What tells this version of the file from others (an ETag, or the time of its last change); null if nothing does.</summary>
    public string? Validator { get; private set; }

    /// <summary>Opens what there is of <paramref name="target"/>, or begins it.</summary>
    /// <exception cref="SeedanceException">It cannot be written, or another process is at it.</exception>
    public static PartFile Open(string target)
    {
        FileStream? file = null;
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            file = OpenOrCreate(target + Suffix);
            return new PartFile(target, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            file?.Dispose();
            throw FileErrors.NotWritable(target, e);
        }
    }

    private static FileStream OpenOrCreate(string path)
    {
        RequireNoLink(path);
        var file = new FileStream(path, new FileStreamOptions
        {
            // What is made anew, fails on a link that was laid this moment.
            Mode = File.Exists(path) ? FileMode.Open : FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        });
        try
        {
            // Nothing is written yet: a link that took the file's place before it was opened shows now.
            RequireNoLink(path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static void RequireNoLink(string path)
    {
        if (IsLink(path))
        {
            throw FileErrors.Link(path);
        }
    }

    /// <summary>Throws away what is there: another version of the file begins.</summary>
    public void Restart(string? validator, long? total)
    {
        Write(() =>
        {
            _file.SetLength(0);
            _file.Position = 0;
            Length = 0;
            (Validator, Total) = (validator, total);
            if (validator is null)
            {
                File.Delete(_tag);
            }
            else
            {
                WriteTag(validator, total);
            }
        });
    }

    /// <summary>Adds the next bytes.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _file.WriteAsync(bytes, cancellationToken);
            Length += bytes.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.NotWritable(_target, e);
        }
    }

    /// <summary>Gives the whole file its name, in one step.</summary>
    public void Finish(string what, bool overwrite)
    {
        Write(() =>
        {
            _file.Flush(flushToDisk: true);
            _file.Dispose();
            if (!overwrite && (File.Exists(_target) || IsLink(_target)))
            {
                throw FileErrors.Exists(what, _target);
            }

            // A link at this name is replaced, not followed.
            File.Move(Path, _target, overwrite);
            _isDone = true;
            File.Delete(_tag);
        });
    }

    /// <summary>Closes the part. What could not be gone on with is removed.</summary>
    public void Dispose()
    {
        var isWorthKeeping = Length > 0 && Validator is not null;
        try
        {
            _file.Dispose();
            if (!_isDone && !isWorthKeeping)
            {
                File.Delete(Path);
                File.Delete(_tag);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Left behind: the next download to this place begins it anew.
        }
    }

    // Under a name that nobody foresees, which then takes the place of whatever has the tag's.
    private void WriteTag(string validator, long? total)
    {
        var fresh = $"{_tag}.{System.IO.Path.GetRandomFileName()}";
        try
        {
            using (var writer = new StreamWriter(fresh, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write }))
            {
                writer.WriteLine(validator);
                writer.WriteLine(total?.ToString(CultureInfo.InvariantCulture));
            }

            File.Move(fresh, _tag, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }

    private void Write(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.NotWritable(_target, e);
        }
    }
}
