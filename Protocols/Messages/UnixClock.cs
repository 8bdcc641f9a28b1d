namespace Sim.Protocols.Messages;

/// <summary>Times as messages and recordings have them: microseconds since 1970 (UTC).</summary>
internal static class UnixClock
{
    public static long Now => Of(DateTime.UtcNow);

    /// <param name="time">A time in UTC.</param>
    public static long Of(DateTime time) => (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
