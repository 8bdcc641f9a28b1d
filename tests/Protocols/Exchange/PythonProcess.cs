using System.Diagnostics;
using System.Text.Json;
using NUnit.Framework;

namespace Sim.Tests.Protocols.Exchange;

/// <summary>A Python that has h5py: Debian's, or the first on the path.</summary>
internal static class PythonProcess
{
    /// <summary>Long enough for a machine that has other things to do.</summary>
    private const int PatienceMilliseconds = 120_000;

    private static readonly Lazy<string?> s_withHdf5 = new(() => Find("import h5py, numpy"));
    private static readonly Lazy<string?> s_withArrow = new(() => Find("import pyarrow.parquet, pandas"));

    /// <summary>Runs a script of this folder with h5py; ignores the test where there is none.</summary>
    public static string RunWithHdf5(string script, params string[] arguments)
        => Run(s_withHdf5.Value ?? Missing("h5py and numpy (Debian: python3-h5py, python3-numpy)"), script, arguments);

    /// <summary>Runs a script of this folder with pyarrow; ignores the test where there is none.</summary>
    public static string RunWithArrow(string script, params string[] arguments)
        => Run(s_withArrow.Value ?? Missing("pyarrow and pandas"), script, arguments);

    /// <summary>What a script prints, as JSON.</summary>
    public static JsonElement Json(string output) => JsonDocument.Parse(output).RootElement;

    private static string Run(string python, string script, string[] arguments)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Protocols", "Exchange", script);
        var (code, output, error) = Start(python, [path, .. arguments]);
        Assert.That(code, Is.Zero, error);
        return output;
    }

    private static string Missing(string modules)
    {
        Assert.Ignore($"no Python with {modules} was found: nothing but our own reader looked at these files");
        return "";
    }

    private static string? Find(string imports)
        => new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(python => CanRun(python, imports));

    private static bool CanRun(string python, string imports)
    {
        try
        {
            return Start(python, ["-c", imports]).Code == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static (int Code, string Output, string Error) Start(string python, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(PatienceMilliseconds))
        {
            process.Kill();
            throw new TimeoutException($"{python} {string.Join(' ', arguments)} did not end");
        }
        return (process.ExitCode, output.Result, error.Result);
    }
}
