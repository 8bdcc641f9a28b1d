using System.Runtime.InteropServices;

namespace Sim.Physics.Batched;

/// <summary>A contact slot that some lane of the tile at hand uses.</summary>
/// <param name="Index">Among the scene's pairs.</param>
/// <param name="Contacts">The most that any lane has.</param>
/// <param name="Scratch">Where its scratch begins, in floats.</param>
internal readonly record struct ActiveSlot(int Index, int Contacts, int Scratch);

/// <summary>Memory that stepping one tile after the other needs and nothing outlives.</summary>
internal sealed unsafe class TileWorkspace : IDisposable
{
    private readonly int[] _counts;
    private readonly ActiveSlot[] _active;
    private float* _memory;

    public TileWorkspace(int width, int pairs, int margins, int masks, int motion, int joints, int contacts)
    {
        _counts = new int[pairs];
        _active = new ActiveSlot[pairs];
        nuint floats = (nuint)(margins + masks + motion + joints + contacts) * (nuint)width;
        _memory = (float*)NativeMemory.AlignedAlloc(Math.Max(floats, 1) * sizeof(float), 64);
        Margins = _memory;
        Masks = Margins + (margins * width);
        Motion = Masks + (masks * width);
        Joints = Motion + (motion * width);
        Contacts = Joints + (joints * width);
    }

    /// <summary>The speculative margin of every body.</summary>
    public float* Margins { get; }

    /// <summary>The mask of every body: lanes in which a constraint holds it.</summary>
    public float* Masks { get; }

    /// <summary>Poses and velocities before the step.</summary>
    public float* Motion { get; }

    /// <summary>What joints prepare in a substep.</summary>
    public float* Joints { get; }

    /// <summary>What contact slots in use prepare in a substep.</summary>
    public float* Contacts { get; }

    public Span<int> Counts => _counts;

    public Span<ActiveSlot> Active => _active;

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
