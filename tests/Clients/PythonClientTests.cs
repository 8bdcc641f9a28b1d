using System.ComponentModel;
using System.Diagnostics;
using NUnit.Framework;

namespace Sim.Tests.Clients;

/// <summary>The Python client's own tests, against the built <c>sim</c>: one test here for each module there.</summary>
public sealed class PythonClientTests
{
    /// <summary>A module takes seconds; this is for a machine that has other things to do.</summary>
    private const int PatienceMilliseconds = 300_000;

    private static readonly string s_package = Path.GetDirectoryName(Checkout.File("clients", "python", "pyproject.toml"))!;

    private static readonly Lazy<string?> s_python = new(FindPython);

    [TestCaseSource(nameof(Modules))]
    public void Python_finds_everything_as_its_tests_say(string module)
    {
        if (s_python.Value is not { } python)
        {
            Assert.Ignore("no python3 with numpy and msgpack was found (Debian: python3-numpy, python3-msgpack; or name one in SIM_PYTHON)");
            return;
        }
        var (code, output) = Run(python, "-m", "unittest", $"tests.{module}");
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Match(@"Ran [1-9]\d* tests?"), "none was found");
        // What another package would be needed for is skipped, and says so.
        TestContext.Out.WriteLine(output);
    }

    private static IEnumerable<string> Modules()
        => Directory.EnumerateFiles(Path.Combine(s_package, "tests"), "test_*.py")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(StringComparer.Ordinal);

    private static string? FindPython()
    {
        // The first on the PATH may be one without the system's packages.
        string?[] candidates = [Environment.GetEnvironmentVariable("SIM_PYTHON"), "python3", "/usr/bin/python3"];
        return candidates.FirstOrDefault(python => python is not null && HasPackages(python));
    }

    private static bool HasPackages(string python)
    {
        try
        {
            return Run(python, "-c", "import numpy, msgpack").Code == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static (int Code, string Output) Run(string python, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, arguments)
        {
            WorkingDirectory = s_package,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SIM_COMMAND"] = $"dotnet '{Path.Combine(AppContext.BaseDirectory, "sim.dll")}'";
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(PatienceMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{python} {string.Join(' ', arguments)} did not end");
        }
        return (process.ExitCode, output.Result + error.Result);
    }
}
