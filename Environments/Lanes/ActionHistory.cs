using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sim.Environments.Lanes;

/// <summary>
/// The last actions of each environment, shown at the end of its observation, oldest first, zeros before the
/// episode's first action. A ring, one row an environment, whose head all environments share.
/// </summary>
internal sealed unsafe class ActionHistory
{
    private readonly byte[] _memory;
    private readonly float* _ring;
    private readonly int _width, _length;
    private readonly float[] _low, _high;
    private int _head;

    /// <param name="rows">Environments, padding included.</param>
    /// <param name="length">Actions remembered.</param>
    /// <param name="low">Lower limits of the action.</param>
    /// <param name="high">Upper limits of the action.</param>
    public ActionHistory(int rows, int length, IReadOnlyList<float> low, IReadOnlyList<float> high)
    {
        (_width, _length) = (low.Count, length);
        (_low, _high) = ([.. low], [.. high]);
        _memory = GC.AllocateArray<byte>((rows * Columns * sizeof(float)) + 64, pinned: true);
        _ring = (float*)(((nuint)Unsafe.AsPointer(ref _memory[0]) + 63) & ~(nuint)63);
    }

    /// <summary>Numbers of one window.</summary>
    public int Columns => _width * _length;

    /// <summary>Moves on by one control step; once a batch step, before any <see cref="Record"/>.</summary>
    public void Advance() => _head = (_head + 1) % _length;

    /// <summary>Asks for the memory that <see cref="Record"/> will want, while there is other work to do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row, int count) => CacheLines.Prefetch(Ring(row), count * Columns);

    /// <summary>
    /// Remembers the next action of some neighbouring environments, clipped to its limits, and copies their windows.
    /// </summary>
    /// <param name="row">First environment.</param>
    /// <param name="count">Environments.</param>
    /// <param name="actions">Their actions, one after the other.</param>
    /// <param name="target">Where the window of the first goes.</param>
    /// <param name="stride">Numbers from one window to the next.</param>
    public void Record(int row, int count, float* actions, float* target, int stride)
    {
        int columns = Columns, newest = _head * _width, oldest = newest + _width, older = columns - oldest;
        float* ring = Ring(row);
        for (int i = 0; i < count; i++, ring += columns, actions += _width, target += stride)
        {
            Clip(actions, ring + newest);
            Copy(ring + oldest, target, older);
            Copy(ring, target + older, oldest);
        }
    }

    /// <summary>Copies the window of one environment.</summary>
    public void Show(int row, float* target)
    {
        float* ring = Ring(row);
        int oldest = (_head + 1) * _width, older = Columns - oldest;
        Copy(ring + oldest, target, older);
        Copy(ring, target + older, oldest);
    }

    /// <summary>Forgets the actions of one environment.</summary>
    public void Clear(int row) => new Span<float>(Ring(row), Columns).Clear();

    /// <summary>Replaces the window of one environment; the inverse of <see cref="Show"/>.</summary>
    public void Replace(int row, ReadOnlySpan<float> window)
    {
        int older = Columns - ((_head + 1) * _width);
        window[..older].CopyTo(new Span<float>(Ring(row) + Columns - older, older));
        window[older..].CopyTo(new Span<float>(Ring(row), Columns - older));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Clip(float* action, float* slot)
    {
        if (_width == 4)
        {
            ref float low = ref MemoryMarshal.GetArrayDataReference(_low), high = ref MemoryMarshal.GetArrayDataReference(_high);
            Vector128.MinNative(Vector128.MaxNative(Vector128.Load(action), Vector128.LoadUnsafe(ref low)), Vector128.LoadUnsafe(ref high)).Store(slot);
            return;
        }
        for (int i = 0; i < _width; i++) slot[i] = Math.Min(Math.Max(action[i], _low[i]), _high[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(float* source, float* target, int count)
    {
        float* end = source + count;
        for (; source + 8 <= end; source += 8, target += 8) Vector256.Load(source).Store(target);
        if (source + 4 <= end)
        {
            Vector128.Load(source).Store(target);
            source += 4;
            target += 4;
        }
        for (; source < end; source++, target++) *target = *source;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* Ring(int row) => _ring + ((long)row * Columns);
}
