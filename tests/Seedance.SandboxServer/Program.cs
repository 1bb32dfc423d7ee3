using Seedance.SandboxServer;

CommandLine line;
try
{
    line = CommandLine.Parse(args);
}
catch (ArgumentException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
if (line.ShowsHelp)
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

await using var host = await SandboxHost.StartAsync(line.Host);
await Console.Out.WriteLineAsync(host.Address.GetLeftPart(UriPartial.Authority));
await Console.Out.FlushAsync();

if (line.ExitsWithInput)
{
    using var input = Console.OpenStandardInput();
    await Task.WhenAny(input.CopyToAsync(Stream.Null), host.Stopped);
}
else
{
    await host.Stopped;
}
return 0;
