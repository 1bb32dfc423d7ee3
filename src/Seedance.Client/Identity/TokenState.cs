using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Seedance.Identity;

/// <summary>What has been asked with a token: it is good for one query, so it is asked about once.</summary>
internal sealed class TokenState
{
    private readonly object _gate = new();
    private bool _isAsking;
    private bool _isSpent;
    private string? _taskId;
    private AvatarGroup? _group;

    /// <summary>The task of the outcome, if the token was asked about and what it gave has not been read; null otherwise.</summary>
    public string? UnreadTaskId
    {
        get
        {
            lock (_gate)
            {
                return _group is null ? _taskId : null;
            }
        }
    }

    /// <summary>The group that the token gave; null if it gave none, or none yet.</summary>
    public AvatarGroup? Group
    {
        get
        {
            lock (_gate)
            {
                return _group;
            }
        }
    }

    /// <summary>Takes the right to ask. Null means to ask; an id means that the token was asked about, and its outcome is to be read there.</summary>
    /// <exception cref="SeedanceException">The token is spent, or is being asked about.</exception>
    public string? Begin()
    {
        lock (_gate)
        {
            if (_isAsking)
            {
                throw IdentityErrors.BeingAsked();
            }

            if (_group is not null || (_isSpent && _taskId is null))
            {
                throw IdentityErrors.Spent(_group);
            }

            _isAsking = true;
            return _taskId;
        }
    }

    /// <summary>The token took effect: it is spent from now on.</summary>
    public void Consume(string? taskId, AvatarGroup? group)
    {
        lock (_gate)
        {
            _isSpent = true;
            _taskId = taskId;
            _group = group ?? _group;
        }
    }

    /// <summary>Gives the right to ask back; without <see cref="Consume"/>, somebody may ask again.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isAsking = false;
        }
    }
}

/// <summary>What a connection has asked about, by the hash of the token: the token itself is kept nowhere.</summary>
internal sealed class TokenRegistry
{
    private readonly ConcurrentDictionary<string, TokenState> _uses = new(StringComparer.Ordinal);

    public TokenState Of(string token) =>
        _uses.GetOrAdd(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token))), static _ => new TokenState());
}
