using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Seedance.Identity;

/// <summary>
/// Receives one callback on one address of this machine, at a path that nobody can guess, and refuses everything else.
/// It closes at the link's expiry at the latest.
/// </summary>
internal sealed class IdentityListener : IDisposable
{
    /// <summary>The result code of a person who passed.</summary>
    public const string Verified = "10000";

    // Callbacks are a few hundred characters long.
    private const int MaxTargetLength = 4096;
    private const int MaxCodeLength = 32;

    private readonly object _gate = new();
    private readonly TaskCompletionSource<string> _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly CallbackServer _server;
    private readonly byte[] _pathHash;
    private byte[]? _tokenHash;
    private CallbackPage _page = CallbackPage.In(IdentityLink.DefaultLanguage);
    private ITimer? _expiry;
    private bool _isTaken;
    private bool _isClosed;

    private IdentityListener(Uri address, IPAddress local, TimeProvider time)
    {
        var path = $"/{Convert.ToHexString(RandomNumberGenerator.GetBytes(16)).ToLowerInvariant()}/";
        _time = time;
        _pathHash = Hash(path);
        (_server, var port) = CallbackServer.Enter(new IPEndPoint(local, address.Port), this, time);
        CallbackUrl = new UriBuilder(address) { Port = port, Path = path }.Uri;
    }

    /// <summary>The one address that is answered.</summary>
    public Uri CallbackUrl { get; }

    /// <summary>The result code that the callback brought; never completes if none came.</summary>
    public Task<string> Received => _received.Task;

    /// <summary>The result code, if the callback has come.</summary>
    public string? Code => Received.IsCompletedSuccessfully ? Received.Result : null;

    /// <summary>True once nothing is received any more.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _isClosed;
            }
        }
    }

    /// <summary>Begins to listen; no callback is accepted before <see cref="Expect"/>.</summary>
    /// <exception cref="SeedanceException">The address is not one of this machine's, is in use, or may not be listened on.</exception>
    public static IdentityListener Open(string address, TimeProvider time)
    {
        var (uri, local) = CallbackAddress.RequireLocal(address);
        try
        {
            return new IdentityListener(uri, local, time);
        }
        catch (SocketException e)
        {
            throw IdentityErrors.CannotListen(uri, e);
        }
    }

    /// <summary>Accepts the callback that brings this session's token, until it has come or time is up.</summary>
    public void Expect(IdentitySession session)
    {
        lock (_gate)
        {
            _tokenHash = Hash(session.BytedToken);
            _page = CallbackPage.In(IdentityLink.LanguageOf(session.H5Link));

            // Timers drop what is less than a millisecond, and would ring before it is time.
            var left = Math.Max(Math.Ceiling((session.ExpiresAt - _time.GetUtcNow()).TotalMilliseconds), 0);
            _expiry = _time.CreateTimer(_ => Dispose(), null, TimeSpan.FromMilliseconds(left), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>True if a request's target is this listener's path, whatever its query.</summary>
    public bool IsAt(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return IsEqual(Hash(query < 0 ? target : target[..query]), _pathHash);
    }

    /// <summary>The page for a request at this listener's path.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="target">Its path and query.</param>
    /// <param name="accepted">To be called once the page has been sent, if this was the callback; null if it was not.</param>
    public CallbackPage.Answer Respond(string method, string target, out Action? accepted)
    {
        accepted = null;
        if (target.Length > MaxTargetLength)
        {
            return _page.Refusal(414);
        }

        if (method != "GET")
        {
            return _page.Refusal(405);
        }

        var at = target.IndexOf('?', StringComparison.Ordinal);
        var query = at < 0 ? string.Empty : target[(at + 1)..];
        if (Parameter(query, "bytedToken") is not { } token || Parameter(query, "resultCode") is not { } code || !IsCode(code))
        {
            return _page.Refusal(400);
        }

        lock (_gate)
        {
            if (_tokenHash is null || !IsEqual(Hash(token), _tokenHash))
            {
                return _page.Refusal(403);
            }

            if (_isTaken)
            {
                return _page.Used;
            }

            _isTaken = true;
        }

        accepted = () => _received.TrySetResult(code);
        return code == Verified ? _page.Passed : _page.NotPassed(code);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            _expiry?.Dispose();
        }

        _server.Leave(this);
    }

    /// <summary>The one value of a parameter; null if there is none, or more than one.</summary>
    private static string? Parameter(string query, string name)
    {
        string? found = null;
        foreach (var pair in query.Split('&'))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at > 0 && pair.AsSpan(0, at).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                if (found is not null)
                {
                    return null;
                }

                found = Uri.UnescapeDataString(pair[(at + 1)..]);
            }
        }

        return string.IsNullOrEmpty(found) ? null : found;
    }

    private static bool IsCode(string code) => code.Length <= MaxCodeLength && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    // In constant time, and of hashes: neither the place nor the length of a difference shows.
    private static bool IsEqual(byte[] one, byte[] other) => CryptographicOperations.FixedTimeEquals(one, other);
}
