using System.Numerics;

namespace Sim.Environments.MinAtar;

/// <summary>A set of cells of the board of 10 by 10: ten bits a row, the leftmost lowest, five rows a word, the upper ones in the first.</summary>
public struct GridSet : IEquatable<GridSet>
{
    private const int WordBits = 50;

    private const ulong Whole = (1ul << WordBits) - 1;

    /// <summary>The leftmost column of five rows.</summary>
    private const ulong FirstColumn = 1 | (1ul << 10) | (1ul << 20) | (1ul << 30) | (1ul << 40);

    /// <summary>Rows 0 to 4, and rows 5 to 9.</summary>
    public ulong Upper, Lower;

    public GridSet(ulong upper, ulong lower) => (Upper, Lower) = (upper, lower);

    public readonly bool IsEmpty => (Upper | Lower) == 0;

    public readonly int Count => BitOperations.PopCount(Upper) + BitOperations.PopCount(Lower);

    /// <summary>Whether every bit is a cell.</summary>
    public readonly bool IsWhole => ((Upper | Lower) & ~Whole) == 0;

    public readonly bool Has(int x, int y) => (Row(y) >> x & 1) != 0;

    public void Add(int x, int y)
    {
        if (y < 5) Upper |= 1ul << ((10 * y) + x);
        else Lower |= 1ul << ((10 * (y - 5)) + x);
    }

    /// <summary>Every cell a row further up; the first row is lost.</summary>
    public readonly GridSet Up() => new((Upper >> 10) | ((Lower & 0x3FF) << 40), Lower >> 10);

    /// <summary>Every cell a row further down; the last row is lost.</summary>
    public readonly GridSet Down() => new((Upper << 10) & Whole, ((Lower << 10) & Whole) | (Upper >> 40));

    /// <summary>Every cell a column further left; the first column must be empty.</summary>
    public readonly GridSet Left() => new(Upper >> 1, Lower >> 1);

    /// <summary>Every cell a column further right; the last column must be empty.</summary>
    public readonly GridSet Right() => new(Upper << 1, Lower << 1);

    /// <summary>Ten bits of a row.</summary>
    public readonly uint Row(int y) => (uint)(y < 5 ? Upper >> (10 * y) : Lower >> (10 * (y - 5))) & 0x3FF;

    /// <summary>Whether a cell of a column is in the set.</summary>
    public readonly bool HasColumn(int x) => ((Upper | Lower) & (FirstColumn << x)) != 0;

    /// <summary>Columns that have a cell, ten bits.</summary>
    public readonly uint Columns()
    {
        ulong rows = Upper | Lower;
        rows |= rows >> 20;
        return (uint)(rows | (rows >> 10) | (rows >> 40)) & 0x3FF;
    }

    /// <summary>The lowest row of a column's cells; −1 where it has none.</summary>
    public readonly int Lowest(int x)
    {
        ulong lower = Lower & (FirstColumn << x), upper = Upper & (FirstColumn << x);
        if (lower != 0) return 5 + (BitOperations.Log2(lower) / 10);
        return upper != 0 ? BitOperations.Log2(upper) / 10 : -1;
    }

    public readonly bool Equals(GridSet other) => (Upper, Lower) == (other.Upper, other.Lower);

    public override readonly bool Equals(object? obj) => obj is GridSet other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(Upper, Lower);

    public static GridSet operator &(GridSet a, GridSet b) => new(a.Upper & b.Upper, a.Lower & b.Lower);

    /// <summary>The cells of <paramref name="a"/> that are not in <paramref name="b"/>.</summary>
    public static GridSet operator -(GridSet a, GridSet b) => new(a.Upper & ~b.Upper, a.Lower & ~b.Lower);

    public static bool operator ==(GridSet a, GridSet b) => a.Equals(b);

    public static bool operator !=(GridSet a, GridSet b) => !a.Equals(b);
}
