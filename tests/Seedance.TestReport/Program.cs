// Sums up what a test run left behind: each reason to skip, and how often; then all tests of all projects in one line.
using System.Globalization;
using System.Xml.Linq;

if (args is not [var folder, var code] || !int.TryParse(code, CultureInfo.InvariantCulture, out var exitCode))
{
    Console.Error.WriteLine("Usage: Seedance.TestReport <folder of .trx files> <exit code of dotnet test>");
    return 2;
}

XNamespace trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
var results = Directory.EnumerateFiles(folder, "*.trx").SelectMany(file => XDocument.Load(file).Descendants(trx + "UnitTestResult")).ToList();
var skipped = results.Where(result => result.Attribute("outcome")?.Value == "NotExecuted").ToList();
var passed = results.Count(result => result.Attribute("outcome")?.Value == "Passed");
var failed = results.Count - passed - skipped.Count;

foreach (var reason in skipped.GroupBy(Reason).OrderBy(reason => reason.Key, StringComparer.Ordinal))
{
    Console.WriteLine($"skipped, {reason.Count()} {(reason.Count() == 1 ? "test" : "tests")}: {reason.Key}");
    foreach (var test in reason)
    {
        Console.WriteLine($"  {test.Attribute("testName")?.Value}");
    }
}

// A test project that broke down, or never ran, leaves no test behind that says so.
if (failed == 0 && (exitCode != 0 || passed == 0))
{
    Console.WriteLine($"No test failed, but dotnet test ended with code {exitCode} after {results.Count} tests: see above.");
    failed = 1;
}

Console.WriteLine($"{passed} passed, {failed} failed, {skipped.Count} skipped");
return failed == 0 ? 0 : 1;

string Reason(XElement test) => test.Descendants(trx + "Message").FirstOrDefault()?.Value.Trim() ?? "no reason is given";
