using System.Text.Json;
using Seedance.Http;
using Seedance.Journal;

namespace Seedance;

/// <summary>
/// A list of the library, page by page as it is read; each entry once, in the order in which the server gives them. Pages
/// may repeat, end early or change under way: <see cref="IsComplete"/> says whether all came.
/// </summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed class LibraryList<T> : IAsyncEnumerable<T>
    where T : class
{
    private const int MaxPages = 20_000;

    private readonly Func<int, CancellationToken, Task<ApiResponse>> _getPage;
    private readonly Func<JsonElement, T?> _read;
    private readonly Func<T, string> _idOf;
    private readonly Endpoint _endpoint;

    internal LibraryList(Endpoint endpoint, Func<int, CancellationToken, Task<ApiResponse>> getPage, Func<JsonElement, T?> read, Func<T, string> idOf)
    {
        (_endpoint, _getPage, _read, _idOf) = (endpoint, getPage, read, idOf);
    }

    /// <summary>Gets how many entries came so far in the last reading.</summary>
    public long Count { get; private set; }

    /// <summary>Gets how many entries the server says there are; null if it does not say.</summary>
    public long? Total { get; private set; }

    /// <summary>Gets whether the last reading came to the end, and no entry lacks of those that the server says there are.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Reads the list.</summary>
    /// <exception cref="SeedanceException">A page could not be read; of kind <see cref="SeedanceErrorKind.NotFound"/> where there is no library.</exception>
    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        (Count, Total, IsComplete) = (0, null, false);

        // 16 bytes an entry; all else of a page is gone with it.
        var seen = new SeenSet();
        for (var page = 1; ; page++)
        {
            if (page > MaxPages)
            {
                throw Library.LibraryErrors.Endless(_endpoint, Count);
            }

            using var response = await _getPage(page, cancellationToken);
            var items = Library.LibraryReader.Items(response) ?? throw response.Unreadable("an answer without a list");
            Total = Library.LibraryReader.Total(response) ?? Total;
            var before = Count;
            foreach (var item in items.EnumerateArray())
            {
                if (_read(item) is { } entry && seen.Add(SeenSet.HashOf(_idOf(entry))))
                {
                    Count++;
                    yield return entry;
                }
            }

            // Where pages are ignored the same comes again; and behind the last one nothing does.
            if (Count == before || Count == Total)
            {
                IsComplete = Total is not { } total || Count >= total;
                yield break;
            }
        }
    }
}
