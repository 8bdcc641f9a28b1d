using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Sim.Tests.Cli;

/// <summary>The built <c>sim</c> command as a process of its own, in a folder of its own.</summary>
internal sealed class SimProcess : IDisposable
{
    /// <summary>Long enough for a machine that has other things to do.</summary>
    private const int PatienceMilliseconds = 60_000;

    private readonly Process _process;
    private readonly Task<string> _error;

    public SimProcess(string folder, string arguments)
    {
        var start = new ProcessStartInfo("dotnet", $"\"{Path.Combine(AppContext.BaseDirectory, "sim.dll")}\" {arguments}")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Torch must not be needed by anything these tests do.
        start.Environment["SIM_LIBTORCH"] = Path.Combine(folder, "no-such-folder");
        _process = Process.Start(start)!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Runs to the end.</summary>
    public static (int Code, string Output, string Error) Run(string folder, string arguments)
    {
        using var process = new SimProcess(folder, arguments);
        return process.End();
    }

    /// <summary>The JSON on the last line of standard output.</summary>
    public static JsonElement Result(string folder, string arguments)
    {
        var (code, output, error) = Run(folder, $"{arguments} --json");
        if (code != 0)
            throw new InvalidOperationException($"sim {arguments} ended with {code}: {error}");
        return JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]).RootElement.Clone();
    }

    /// <summary>Reads standard output up to a line that holds a text.</summary>
    public void WaitForLine(string text)
    {
        using var patience = new CancellationTokenSource(PatienceMilliseconds);
        while (_process.StandardOutput.ReadLineAsync(patience.Token).AsTask().GetAwaiter().GetResult() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }
        throw new InvalidOperationException($"sim ended without '{text}': {_error.Result}");
    }

    /// <summary>What Ctrl-C sends.</summary>
    public void Interrupt()
    {
        const int Interruption = 2;
        if (Kill(_process.Id, Interruption) != 0)
            throw new InvalidOperationException("the signal could not be sent");
    }

    /// <summary>What a crash or a power failure looks like to the program: SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public (int Code, string Output, string Error) End()
    {
        var output = _process.StandardOutput.ReadToEndAsync();
        if (!_process.WaitForExit(PatienceMilliseconds))
            throw new TimeoutException("sim did not end");
        return (_process.ExitCode, output.Result, _error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
