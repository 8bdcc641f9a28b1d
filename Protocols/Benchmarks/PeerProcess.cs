using System.Diagnostics;

namespace Sim.Protocols.Benchmarks;

/// <summary>This program a second time, as a server that ends with its standard input.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="arguments">What it is asked to do.</param>
    /// <exception cref="IOException">It ended without listening.</exception>
    public PeerProcess(params IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath ?? "dotnet";
        // Run by 'dotnet sim.dll', the program itself is the first argument.
        string[] first = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "sim.dll")] : [];
        var start = new ProcessStartInfo(program, [.. first, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        _process = Process.Start(start) ?? throw new IOException($"{program} does not start");
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith("listening on ", StringComparison.Ordinal)) return;
        }
        throw new IOException($"{program} {string.Join(' ', arguments)} ended before it listened");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(5000)) _process.Kill();
        _process.Dispose();
    }
}
