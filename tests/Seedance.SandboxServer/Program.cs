using System.CommandLine;
using Seedance.SandboxServer;

// A value that begins with @ names a file of orders; the parser would take it for a file of arguments.
var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };
return await CommandLine.Create(ServeAsync).Parse(args, parser).InvokeAsync();

static async Task ServeAsync(SandboxHostOptions options, bool exitsWithInput)
{
    await using var host = await SandboxHost.StartAsync(options);
    await Console.Out.WriteLineAsync(host.Address.GetLeftPart(UriPartial.Authority));
    await Console.Out.FlushAsync();

    if (exitsWithInput)
    {
        using var input = Console.OpenStandardInput();
        await Task.WhenAny(input.CopyToAsync(Stream.Null), host.Stopped);
    }
    else
    {
        await host.Stopped;
    }
}
