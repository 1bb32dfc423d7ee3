using System.Net;

namespace Seedance.Client.Tests.Files;

public sealed class PublicAddressTests
{
    private static readonly PublicAddress s_strict = new();

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("http://172.16.0.1/")]
    [InlineData("http://172.31.255.255/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://255.255.255.255/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("http://[::ffff:192.168.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[64:ff9b::10.0.0.1]/")]
    [InlineData("http://[2002:a00:1::]/")]
    [InlineData("http://localhost/")]
    [InlineData("http://LOCALHOST./")]
    [InlineData("http://a.localhost/")]
    [InlineData("http://printer.local/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://intranet/")]
    [InlineData("http://127.0.0.1./")]
    [InlineData("http://169.254.169.254./latest/meta-data")]
    [InlineData("http://2130706433./")]
    [InlineData("http://printer.local./")]
    [InlineData("http://[::ffff:0:127.0.0.1]/")]
    [InlineData("http://[::ffff:0:a00:1]/")]
    [InlineData("http://192.88.99.1/")]
    public void What_is_not_public_is_objected_to(string address) => Assert.NotNull(s_strict.Objection(new Uri(address)));

    [Theory]
    [InlineData("https://example.com/a.png")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://172.32.0.1/")]
    [InlineData("https://[2606:4700::1111]/")]
    [InlineData("https://[64:ff9b::808:808]/")]
    [InlineData("https://bücher.example/")]
    [InlineData("https://localhost.example.com/")]
    [InlineData("https://8.8.8.8./")]
    [InlineData("https://example.com./a.png")]
    [InlineData("https://[::ffff:0:808:808]/")]
    public void What_is_public_is_not(string address) => Assert.Null(s_strict.Objection(new Uri(address)));

    [Fact]
    public void A_connection_to_this_machine_lets_this_machine_be_called_and_nothing_else()
    {
        var lenient = new PublicAddress(allowLoopback: true);
        Assert.Null(lenient.Objection(new Uri("http://127.0.0.1:5000/")));
        Assert.Null(lenient.Objection(new Uri("http://[::1]/")));
        Assert.Null(lenient.Objection(new Uri("http://localhost/")));
        Assert.NotNull(lenient.Objection(new Uri("http://10.0.0.1/")));
        Assert.NotNull(lenient.Objection(new Uri("http://169.254.169.254/")));
    }

    [Theory]
    [InlineData("10.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("fe80::1%3", false)]
    [InlineData("::ffff:0:127.0.0.1", false)]
    [InlineData("192.88.99.255", false)]
    [InlineData("93.184.216.34", true)]
    public void Addresses_that_names_lead_to_are_judged_the_same(string address, bool isAllowed) =>
        Assert.Equal(isAllowed, s_strict.Allows(IPAddress.Parse(address)));
}
