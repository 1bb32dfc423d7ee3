using System.Globalization;

namespace Seedance.Transfers;

/// <summary>
/// A file that is not whole yet: <c>name.part</c>, and beside it, in <c>name.part.tag</c>, which version of the file it
/// is a part of. One process writes it at a time; it gets its name when it is whole.
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
        if (Length > 0 && File.Exists(_tag) && File.ReadAllLines(_tag) is [{ Length: > 0 } validator, var total, ..])
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
            file = new FileStream(target + Suffix, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                Share = FileShare.None,
                BufferSize = 0,
                Options = FileOptions.Asynchronous,
            });
            return new PartFile(target, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            file?.Dispose();
            throw FileErrors.NotWritable(target, e);
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
                File.WriteAllLines(_tag, [validator, total?.ToString(CultureInfo.InvariantCulture) ?? string.Empty]);
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
            if (!overwrite && File.Exists(_target))
            {
                throw FileErrors.Exists(what, _target);
            }

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
