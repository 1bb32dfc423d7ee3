using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Seedance.Identity;

/// <summary>
/// A listening socket on one address, shared by the sessions of this process that named it. It speaks as little HTTP as a
/// browser that is sent to an address needs: one short request a connection, one page, and it closes. The framework's own
/// listener reads request lines without end, holds on Windows every address of a port, and needs an administrator there.
/// </summary>
internal sealed class CallbackServer
{
    /// <summary>The longest request, headers and all: browsers on phones send about a thousand bytes.</summary>
    private const int MaxRequestLength = 16 * 1024;

    private const int MaxConnections = 64;

    // A browser opens a handful, some of them in reserve.
    private const int MaxConnectionsOfOneAddress = 16;

    // What a caller may still send after its answer; beyond that it is cut off.
    private const int MaxDrained = 256 * 1024;

    // For a connection as a whole. A phone that thinks it over opens another.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private static readonly object s_gate = new();
    private static readonly Dictionary<IPEndPoint, CallbackServer> s_open = [];

    private readonly Socket _socket;
    private readonly IPEndPoint _address;
    private readonly TimeProvider _time;
    private readonly List<IdentityListener> _listeners = [];

    // Guarded by itself; the oldest first.
    private readonly List<Caller> _callers = [];
    private volatile bool _isClosed;

    private CallbackServer(Socket socket, TimeProvider time)
    {
        _socket = socket;
        _address = (IPEndPoint)socket.LocalEndPoint!;
        _time = time;
    }

    /// <summary>Listens at the address, along with those who do so already. Port 0 takes a free one.</summary>
    /// <returns>The server, and its port.</returns>
    /// <exception cref="SocketException">The address is in use or may not be listened on.</exception>
    public static (CallbackServer Server, int Port) Enter(IPEndPoint address, IdentityListener listener, TimeProvider time)
    {
        lock (s_gate)
        {
            if (!s_open.TryGetValue(address, out var server))
            {
                server = new CallbackServer(Listen(address), time);
                s_open.Add(server._address, server);
                _ = Task.Run(server.ServeAsync);
            }

            server._listeners.Add(listener);
            return (server, server._address.Port);
        }
    }

    /// <summary>Leaves; the last one closes the socket. Answers that are on their way still arrive.</summary>
    public void Leave(IdentityListener listener)
    {
        lock (s_gate)
        {
            if (_listeners.Remove(listener) && _listeners.Count == 0)
            {
                s_open.Remove(_address);
                _isClosed = true;
                _socket.Dispose();
            }
        }
    }

    private static Socket Listen(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                // There, others could listen along.
                socket.ExclusiveAddressUse = true;
            }

            socket.Bind(address);
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                if (Admit(await _socket.AcceptAsync()) is { } caller)
                {
                    _ = ReceiveAsync(caller);
                }
            }
            catch (SocketException) when (!_isClosed)
            {
                // A caller that hung up at once, or a machine that is short of sockets for a moment.
                await Task.Delay(s_pause, _time);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Takes a caller in, or hangs up: where there are too many, on the oldest that has not asked for anything yet, and on
    /// one of the same address first, so that whoever opens connections without end shuts out nobody but themselves.
    /// </summary>
    private Caller? Admit(Socket socket)
    {
        var caller = new Caller(socket, ((IPEndPoint)socket.RemoteEndPoint!).Address);
        lock (_callers)
        {
            var same = _callers.FindAll(other => other.Address.Equals(caller.Address));
            var crowd = same.Count >= MaxConnectionsOfOneAddress ? same : _callers.Count >= MaxConnections ? _callers : [];
            if (crowd.Count > 0)
            {
                var least = crowd.Find(other => other.IsSilent);
                (least ?? caller).Socket.Dispose();
                if (least is null)
                {
                    return null;
                }

                _callers.Remove(least);
            }

            _callers.Add(caller);
            return caller;
        }
    }

    private async Task ReceiveAsync(Caller from)
    {
        var caller = from.Socket;
        Action? accepted = null;
        using var limit = new CancellationTokenSource(s_timeout, _time);
        try
        {
            using (caller)
            {
                var request = await ReadAsync(caller, limit.Token);
                from.IsSilent = false;
                var (answer, method) = request switch
                {
                    ({ } bad, _, _) => (bad, string.Empty),
                    (_, var verb, var target) => (Answer(verb, target, out accepted), verb),
                };
                await SendAsync(caller, answer.ToBytes(withBody: method != "HEAD"), limit.Token);
                caller.Shutdown(SocketShutdown.Send);

                // Told only now: whoever waits for it may end the process, and the phone would see no page.
                Interlocked.Exchange(ref accepted, null)?.Invoke();
                await DrainAsync(caller, limit.Token);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The caller has gone, or took too long; what it brought counts all the same.
        }
        finally
        {
            accepted?.Invoke();
            lock (_callers)
            {
                _callers.Remove(from);
            }
        }
    }

    private CallbackPage.Answer Answer(string method, string target, out Action? accepted)
    {
        IdentityListener? listener;
        lock (s_gate)
        {
            // All are asked, so that the time it takes does not tell how near a guess was.
            listener = _listeners.Where(one => one.IsAt(target)).ToList().FirstOrDefault();
        }

        accepted = null;
        return listener is null ? CallbackPage.Nothing(404) : listener.Respond(method, target, out accepted);
    }

    private static async Task<(CallbackPage.Answer? Bad, string Method, string Target)> ReadAsync(Socket caller, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxRequestLength];
        var length = 0;
        int end;
        while ((end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (length == buffer.Length)
            {
                return (CallbackPage.Nothing(buffer.AsSpan().IndexOf((byte)'\n') < 0 ? 414 : 431), string.Empty, string.Empty);
            }

            var read = await caller.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                throw new OperationCanceledException("The caller hung up.");
            }

            length += read;
        }

        var line = Encoding.Latin1.GetString(buffer, 0, buffer.AsSpan(0, end + 2).IndexOf("\r\n"u8)).Split(' ');
        return line is [{ Length: > 0 } method, ['/', ..] target, "HTTP/1.1" or "HTTP/1.0"]
            ? (null, method, target)
            : (CallbackPage.Nothing(400), string.Empty, string.Empty);
    }

    private static async Task SendAsync(Socket caller, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await caller.SendAsync(bytes, cancellationToken)..];
        }
    }

    // A connection that is closed with bytes unread is reset, and the caller may lose its answer.
    private static async Task DrainAsync(Socket caller, CancellationToken cancellationToken)
    {
        var rest = new byte[4096];
        for (int drained = 0, read; drained < MaxDrained && (read = await caller.ReceiveAsync(rest, cancellationToken)) > 0; drained += read)
        {
        }
    }

    private sealed class Caller(Socket socket, IPAddress address)
    {
        private volatile bool _hasAsked;

        public Socket Socket => socket;

        public IPAddress Address => address;

        /// <summary>True until a request has come whole.</summary>
        public bool IsSilent
        {
            get => !_hasAsked;
            set => _hasAsked = !value;
        }
    }
}
