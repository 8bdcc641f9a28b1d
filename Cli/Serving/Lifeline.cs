namespace Sim.Cli.Serving;

/// <summary>
/// A program that starts a server holds the server's standard input; when the program dies, however it does, that
/// closes, and the server ends.
/// </summary>
internal static class Lifeline
{
    /// <summary>Cancels when standard input closes.</summary>
    public static void Cancel(CancellationTokenSource end)
        => new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            byte[] ignored = new byte[256];
            while (input.Read(ignored) > 0) { }
            try
            {
                end.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // Ended already, by Ctrl-C.
            }
        })
        { IsBackground = true, Name = "sim lifeline" }.Start();
}
