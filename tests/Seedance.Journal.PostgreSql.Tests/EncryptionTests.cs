using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using static Seedance.Journal.PostgreSql.Tests.StoreTesting;

namespace Seedance.Journal.PostgreSql.Tests;

/// <summary>
/// The way to a server that is not this machine's own: verified in full, or nothing is sent. The server is reached by this
/// machine's own name, which is not loopback's by its spelling.
/// </summary>
public sealed class EncryptionTests : IAsyncLifetime
{
    private readonly string _host = Dns.GetHostName();
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"seedance-tls-{Guid.NewGuid():N}");
    private PostgreSqlCluster? _server;
    private JournalAddress _address = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(
            (await Dns.GetHostAddressesAsync(_host, Cancelled)).Any(address => address.ToString() == "127.0.0.1"), "This machine's own name does not lead to 127.0.0.1.");
        Directory.CreateDirectory(_folder);
        _server = await PostgreSqlCluster.CreateAsync("-c log_connections=on");
        _address = await _server.CreateDatabaseAsync();
        await InstallAsync(_address);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_server_is_verified_in_full_and_otherwise_nothing_is_sent_to_it()
    {
        using var authority = Authority("CN=authority of the tests");
        using var stranger = Authority("CN=another authority");
        var (trusted, other) = (await WriteAsync("trusted.pem", authority), await WriteAsync("other.pem", stranger));

        // Its own name, by an authority that is trusted.
        await ServeAsync(authority, _host);
        Assert.StartsWith("TLSv1.", (await TestAsync(trusted)).Encryption, StringComparison.Ordinal);

        // The same by one that is not, and by one that nobody has named.
        await MustRefuseAsync(other);
        await MustRefuseAsync(authority: null);

        // The right authority, for another host.
        await ServeAsync(authority, "db.example.com");
        await MustRefuseAsync(trusted);

        // On this machine itself it is taken as it is.
        await using var local = Open(new PostgreSqlJournalOptions(_address) { RootCertificate = other });
        Assert.NotNull(await local.TestAsync(Cancelled));
    }

    // How often a role has named itself by way of TLS, as the server tells.
    private async Task<int> CountEncryptedAsync() =>
        (await File.ReadAllLinesAsync(Path.Combine(_server!.Folder, "log"), Cancelled)).Count(line => line.Contains("SSL enabled", StringComparison.Ordinal));

    private async Task<JournalHealth> TestAsync(string authority)
    {
        await using var journal = Open(new PostgreSqlJournalOptions(_address with { Host = _host }) { RootCertificate = authority });
        return await journal.TestAsync(Cancelled);
    }

    private async Task MustRefuseAsync(string? authority)
    {
        // What passes on the way: the wish for TLS and its handshake, and nothing that a role, a database or a claim is named in.
        var before = await CountEncryptedAsync();
        var sent = new ConcurrentBag<string>();
        await using var proxy = new CuttingProxy(_server!.Port, text =>
        {
            sent.Add(text);
            return null;
        });
        await using var journal = Open(new PostgreSqlJournalOptions(_address with { Host = _host, Port = proxy.Port }) { RootCertificate = authority, Password = "hunter2" });
        var refused = await Assert.ThrowsAsync<SeedanceException>(async () => await journal.BeginAsync(Intent("one", null, "a"), Cancelled));
        Assert.Equal((SeedanceErrorKind.JournalUnavailable, Delivery.NotSent, true), (refused.Kind, refused.Delivery, refused.StopsTheRun));
        Assert.Contains("could not be verified", refused.Message, StringComparison.Ordinal);
        Assert.Contains("PGSSLROOTCERT", refused.RecommendedAction, StringComparison.Ordinal);
        Assert.NotEmpty(sent);
        Assert.Equal(before, await CountEncryptedAsync());
        Assert.DoesNotContain(sent, text => text.Contains("hunter2", StringComparison.Ordinal) || text.Contains(_address.Database, StringComparison.Ordinal) || text.Contains("seedance", StringComparison.Ordinal));
    }

    /// <summary>Has the server show a certificate for a host, from now on.</summary>
    private async Task ServeAsync(X509Certificate2 authority, string host)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        var (file, keyFile) = (Path.Combine(_server!.Folder, $"{host}.pem"), Path.Combine(_server.Folder, $"{host}.key"));
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), Cancelled);
        await _server.ServeAsync("/bin/sh", "-c", $"umask 077; : > {keyFile}");
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem(), Cancelled);
        foreach (var setting in new[] { $"ssl_cert_file = \"{file}\"", $"ssl_key_file = \"{keyFile}\"", "ssl = on" })
        {
            await PostgreSqlServer.ExecuteAsync(_address, $"alter system set {setting.Replace('"', '\'')}");
        }

        await _server.StopAsync();
        await _server.StartAsync();
    }

    private async Task<string> WriteAsync(string name, X509Certificate2 authority)
    {
        var path = Path.Combine(_folder, name);
        await File.WriteAllTextAsync(path, authority.ExportCertificatePem(), Cancelled);
        return path;
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
    }
}
