namespace Sim.Protocols.Benchmarks;

/// <summary>A clock that simulation moves: an hour passes as fast as its steps are computed.</summary>
public sealed class SimulatedClock : TimeProvider
{
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private long _ticks = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(GetTimestamp());

    public void Advance(TimeSpan time) => Volatile.Write(ref _ticks, _ticks + time.Ticks);
}
