using System.Runtime.InteropServices;
using Sim.Protocols.Demonstrations.Files;
using Sim.Protocols.Demonstrations.Rows;

namespace Sim.Protocols.Demonstrations.Reading;

/// <summary>The columns of one chunk of steps.</summary>
internal sealed class StepRows
{
    private readonly ReadOnlyMemory<byte> _data;
    private readonly int[] _columnAt;

    /// <exception cref="InvalidDataException">The chunk is damaged, or holds other columns than it says.</exception>
    public StepRows(ChunkFile file, ChunkPlace place, StepLayout layout)
    {
        var payload = file.Read(place);
        var message = payload.Header<StepsMessage>();
        (FirstStep, Steps, Layout, _data) = (place.Header.FirstStep, message.Steps, layout, payload.Data);
        _columnAt = new int[layout.Columns.Count];
        long at = 0;
        foreach (var column in layout.Columns)
        {
            bool present = (message.Present >> column.Place & 1) != 0;
            _columnAt[column.Place] = present ? (int)at : -1;
            if (present) at += (long)column.StepBytes * message.Steps;
            if (message.Steps < 0 || at > payload.Data.Length)
                throw new InvalidDataException($"the chunk at byte {place.Offset} says it has {message.Steps} steps, and holds {payload.Data.Length} bytes");
        }
        if (!Has(layout.Action) || !Has(layout.Reward) || !Has(layout.Flags))
            throw new InvalidDataException($"the chunk at byte {place.Offset} lacks actions, rewards or flags");
    }

    public ulong FirstStep { get; }

    public int Steps { get; }

    public ulong EndStep => FirstStep + (ulong)Steps;

    public StepLayout Layout { get; }

    public bool Has(StepColumn column) => _columnAt[column.Place] >= 0;

    /// <summary>What one lane has in one step of the chunk.</summary>
    public ReadOnlySpan<byte> Cell(StepColumn column, int step, int lane)
        => _data.Span.Slice(_columnAt[column.Place] + (step * column.StepBytes) + (column.PerLane ? lane * column.LaneBytes : 0), column.LaneBytes);

    public StepFlags Flags(int step, int lane) => (StepFlags)Cell(Layout.Flags, step, lane)[0];

    /// <summary>What one lane has in one step, as a number.</summary>
    public T Value<T>(StepColumn column, int step, int lane) where T : unmanaged => MemoryMarshal.Read<T>(Cell(column, step, lane));
}
