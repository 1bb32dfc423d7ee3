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
    private int _connections;
    private volatile bool _isClosed;

    private CallbackServer(Socket socket, TimeProvider time)
    {
        _socket = socket;
        _address = (IPEndPoint)socket.LocalEndPoint!;
        _time = time;
    }

    /// <summary>Opens the door, or joins those who hold it open, and tells its address. Port 0 takes a free one.</summary>
    /// <exception cref="SocketException">The address is in use or may not be listened on.</exception>
    public static (CallbackServer Server, int Port) Enter(IPEndPoint address, IdentityListener listener, TimeProvider time)
    {
        lock (s_gate)
        {
            if (!s_open.TryGetValue(address, out var door))
            {
                door = new CallbackServer(Listen(address), time);
                s_open.Add(door._address, door);
                _ = Task.Run(door.ServeAsync);
            }

            door._listeners.Add(listener);
            return (door, door._address.Port);
        }
    }

    /// <summary>Leaves; the last one closes the door. Answers that are on their way still arrive.</summary>
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
            Socket caller;
            try
            {
                caller = await _socket.AcceptAsync();
            }
            catch (SocketException) when (!_isClosed)
            {
                // A caller that hung up at once, or a machine that is short of sockets for a moment.
                await Task.Delay(s_pause, _time);
                continue;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }

            if (Interlocked.Increment(ref _connections) > MaxConnections)
            {
                Interlocked.Decrement(ref _connections);
                caller.Dispose();
                continue;
            }

            _ = ReceiveAsync(caller);
        }
    }

    private async Task ReceiveAsync(Socket caller)
    {
        Action? accepted = null;
        using var limit = new CancellationTokenSource(s_timeout, _time);
        try
        {
            using (caller)
            {
                var (answer, method) = await ReadAsync(caller, limit.Token) switch
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
            Interlocked.Decrement(ref _connections);
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
}
