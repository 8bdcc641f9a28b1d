using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sim.Environments.MinAtar;

/// <summary>Something in the water of <c>minatar-seaquest</c> that moves along its row.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Swimmer
{
    public sbyte X, Y;

    /// <summary>−1 to the left, 1 to the right.</summary>
    public sbyte Way;

    /// <summary>Steps until it moves; bullets move in every step.</summary>
    public sbyte MoveTimer;

    /// <summary>Steps until an enemy submarine shoots.</summary>
    public sbyte ShotTimer;

    public readonly bool IsAt(int x, int y) => X == x && Y == y;
}

/// <summary>
/// Swimmers in the order of their coming, 32 at most: at full speed one enemy comes a step and each is on the board for
/// some 30, and a submarine shoots only after its last bullet has gone. Unused places are zero.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Swimmers
{
    public const int Capacity = 32;

    private byte _count;
    private Places _places;

    public readonly int Count => _count;

    [UnscopedRef]
    public ref Swimmer this[int index] => ref _places[index];

    /// <summary>The same for reading.</summary>
    public readonly Swimmer At(int index) => _places[index];

    /// <summary>Adds the newest; beyond the capacity it is left out.</summary>
    public void Add(Swimmer swimmer)
    {
        Debug.Assert(_count < Capacity, "more swimmers than the rules can bring about");
        if (_count < Capacity) _places[_count++] = swimmer;
    }

    /// <summary>Takes one out and keeps the order of the others.</summary>
    public void RemoveAt(int index)
    {
        for (int i = index + 1; i < _count; i++) _places[i - 1] = _places[i];
        _places[--_count] = default;
    }

    /// <summary>The oldest swimmer at a cell; −1 where there is none.</summary>
    public readonly int IndexAt(int x, int y)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_places[i].IsAt(x, y)) return i;
        }
        return -1;
    }

    /// <summary>Whether any on a row moves the other way.</summary>
    public readonly bool HasOpponent(int y, int way)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_places[i].Y == y && _places[i].Way != way) return true;
        }
        return false;
    }

    /// <summary>Whether a foreign list keeps to the board and to its capacity.</summary>
    public readonly bool IsWhole()
    {
        if (_count > Capacity) return false;
        for (int i = 0; i < _count; i++)
        {
            var swimmer = _places[i];
            if (!Board.Has(swimmer.X, swimmer.Y) || swimmer.Way is not (-1 or 1)) return false;
        }
        return true;
    }

    [InlineArray(Capacity)]
    private struct Places
    {
        private Swimmer _first;
    }
}
