using System.Buffers;
using System.Runtime.CompilerServices;
using Sim.Protocols.Demonstrations.Files;
using Sim.Protocols.Demonstrations.Rows;

namespace Sim.Protocols.Demonstrations.Recording;

/// <summary>
/// Some steps on their way to the file, in columns that were allocated beforehand, and what happened in them.
/// </summary>
internal sealed class RecordingBlock
{
    /// <summary>Room before the columns: the chunk's header, the payload's header and its length.</summary>
    public const int Front = 96;

    /// <summary>Snapshots that a block holds before it is passed on, in bytes.</summary>
    private const int MostSnapshots = 1 << 19;

    private readonly int[] _columnAt;
    private readonly TimeProvider _clock;

    /// <param name="layout">Columns.</param>
    /// <param name="lanes">Environments.</param>
    /// <param name="snapshotBytes">Bytes of a snapshot; 0 where none are kept.</param>
    /// <param name="clock">Tells when entries come.</param>
    public RecordingBlock(StepLayout layout, int lanes, int snapshotBytes, TimeProvider clock)
    {
        int capacity = Math.Max(1, (ChunkCompressor.MostRaw - Front) / layout.StepBytes);
        (Layout, Capacity, _clock) = (layout, capacity, clock);
        // Room for what a second brings, as a rule: beginnings, ends and states of a few episodes a lane.
        int rows = Math.Min(4 * lanes, lanes + 4096) + 64;
        Begins.EnsureCapacity(rows);
        Ends.EnsureCapacity(rows);
        States.EnsureCapacity(rows);
        Snapshots = snapshotBytes > 0 ? new((int)Math.Min(MostSnapshots + ((long)lanes * snapshotBytes), 16 * MostSnapshots)) : new();
        Frame = GC.AllocateUninitializedArray<byte>(Front + (capacity * layout.StepBytes) + ChunkHeader.Alignment, pinned: true);
        _columnAt = new int[layout.Columns.Count];
        int at = Front;
        foreach (var column in layout.Columns)
        {
            _columnAt[column.Place] = at;
            at += capacity * column.StepBytes;
        }
    }

    public StepLayout Layout { get; }

    public int Capacity { get; }

    /// <summary>Where a chunk is put together in place.</summary>
    public byte[] Frame { get; }

    /// <summary>The file's step of the first row.</summary>
    public ulong FirstStep { get; private set; }

    /// <summary>Rows so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Whether any policy action differs from the action.</summary>
    public bool HasPolicyActions { get; set; }

    /// <summary>Moment of the first entry; 0 while there is none.</summary>
    public long OpenedAt { get; private set; }

    public List<BeginRow> Begins { get; } = [];

    public List<StartMessage> Starts { get; } = [];

    /// <summary>First observations of the episodes that begin.</summary>
    public ArrayBufferWriter<byte> FirstObservations { get; } = new();

    /// <summary>First info outputs of the episodes that begin.</summary>
    public ArrayBufferWriter<byte> FirstInfo { get; } = new();

    public List<EndRow> Ends { get; } = [];

    public List<StateRow> States { get; } = [];

    public ArrayBufferWriter<byte> Snapshots { get; }

    public List<InputEvent> Events { get; } = [];

    public List<LabelMessage> Labels { get; } = [];

    public List<TombstoneMessage> Tombstones { get; } = [];

    public bool IsFull => Steps == Capacity || Snapshots.WrittenCount >= MostSnapshots;

    public bool IsEmpty => OpenedAt == 0;

    public void Begin(ulong firstStep)
    {
        (FirstStep, Steps, OpenedAt, HasPolicyActions) = (firstStep, 0, 0, false);
        Begins.Clear();
        Starts.Clear();
        FirstObservations.ResetWrittenCount();
        FirstInfo.ResetWrittenCount();
        Ends.Clear();
        States.Clear();
        Snapshots.ResetWrittenCount();
        Events.Clear();
        Labels.Clear();
        Tombstones.Clear();
    }

    /// <summary>Notes that there is something to write.</summary>
    public void Touch()
    {
        if (OpenedAt == 0) OpenedAt = Math.Max(1, _clock.GetTimestamp());
    }

    /// <summary>Where a column of the next row goes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> NextRow(StepColumn column) => Row(column, Steps);

    /// <summary>A column of a row.</summary>
    public Span<byte> Row(StepColumn column, int step)
        => Frame.AsSpan(_columnAt[column.Place] + (step * column.StepBytes), column.StepBytes);

    public void Advance()
    {
        Steps++;
        Touch();
    }

    /// <summary>Moves the columns that are present together, behind <see cref="Front"/>; returns their length.</summary>
    public int Pack(ulong present)
    {
        int at = Front;
        foreach (var column in Layout.Columns)
        {
            if ((present >> column.Place & 1) == 0) continue;
            int length = Steps * column.StepBytes;
            if (at != _columnAt[column.Place]) Frame.AsSpan(_columnAt[column.Place], length).CopyTo(Frame.AsSpan(at));
            at += length;
        }
        return at - Front;
    }
}
