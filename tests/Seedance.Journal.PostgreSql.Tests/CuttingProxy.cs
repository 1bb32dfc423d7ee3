using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>Where a connection is cut.</summary>
public enum Cut
{
    /// <summary>The statement does not reach the server.</summary>
    Before,

    /// <summary>The statement is with the server, which may be at it or not.</summary>
    During,

    /// <summary>The server has answered, and the answer does not arrive.</summary>
    After,
}

/// <summary>The way between a journal and its server, which cuts connections around statements of the test's choosing.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, Cut?> _choose;
    private readonly List<Task> _work = [];
    private readonly Task _accepting;

    /// <summary>Listens.</summary>
    /// <param name="port">The server's port.</param>
    /// <param name="choose">Tells whether to cut around what the journal has just sent. It is called from several threads.</param>
    public CuttingProxy(int port, Func<string, Cut?>? choose = null)
    {
        (ServerPort, _choose) = (port, choose ?? (_ => null));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Gets or sets where new connections lead, as an address that follows a failover does.</summary>
    public int ServerPort { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_work);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _work.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        using (var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, ServerPort, end.Token);
                client.NoDelay = server.NoDelay = true;
                var cut = new Switch();
                await Task.WhenAny(ForwardAsync(client.GetStream(), server.GetStream(), cut, end.Token), AnswerAsync(server.GetStream(), client.GetStream(), cut, end.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
            }

            // One end that is closed closes the other.
            await end.CancelAsync();
        }
    }

    private async Task ForwardAsync(NetworkStream from, NetworkStream to, Switch cut, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (int count; (count = await from.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                var place = _choose(Encoding.Latin1.GetString(buffer, 0, count));
                if (place == Cut.Before)
                {
                    return;
                }

                cut.IsAnswerLost |= place == Cut.After;
                await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
                if (place == Cut.During)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
        }
    }

    private static async Task AnswerAsync(NetworkStream from, NetworkStream to, Switch cut, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (int count; (count = await from.ReadAsync(buffer, cancellationToken)) > 0 && !cut.IsAnswerLost;)
            {
                await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
        }
    }

    private sealed class Switch
    {
        public volatile bool IsAnswerLost;
    }
}
