using System.Globalization;
using System.Runtime.Intrinsics;

namespace Sim.Environments.Spaces;

/// <summary>An n-dimensional box of numbers between limits, which may be infinite.</summary>
public sealed class Box : Space
{
    private readonly int[] _shape;
    private readonly float[] _low, _high;
    private readonly string[] _labels;
    private readonly bool _hasOneLimit;

    /// <param name="low">Lower limits, one a number.</param>
    /// <param name="high">Upper limits, one a number.</param>
    /// <param name="labels">Names of the numbers, with units where they have any; may be empty.</param>
    /// <param name="shape">Shape of an element; a vector when left out.</param>
    /// <param name="type">How the numbers are stored.</param>
    /// <exception cref="ArgumentException">Lengths disagree, or a lower limit lies above its upper one.</exception>
    public Box(IReadOnlyList<float> low, IReadOnlyList<float> high, IReadOnlyList<string>? labels = null,
        IReadOnlyList<int>? shape = null, ElementType type = ElementType.Float32)
    {
        ArgumentNullException.ThrowIfNull(low);
        ArgumentNullException.ThrowIfNull(high);
        if (low.Count != high.Count)
            throw new ArgumentException($"a box needs as many lower as upper limits, got {low.Count} and {high.Count}");
        for (int i = 0; i < low.Count; i++)
        {
            if (!(low[i] <= high[i]))
                throw new ArgumentException($"limit {i} of a box is empty: low {low[i]} is not at most high {high[i]}");
        }
        _low = [.. low];
        _high = [.. high];
        _labels = labels is null ? [] : [.. labels];
        _shape = shape is null ? [low.Count] : [.. shape];
        Type = type;
        _hasOneLimit = _high.Length > 0 && _high[0] > 0 && _high.AsSpan().IndexOfAnyExcept(_high[0]) < 0;
        if (Size != low.Count)
            throw new ArgumentException($"shape [{string.Join(", ", _shape)}] does not hold {low.Count} numbers");
        if (_labels.Length != 0 && _labels.Length != low.Count)
            throw new ArgumentException($"{_labels.Length} labels for {low.Count} numbers");
    }

    public override IReadOnlyList<int> Shape => _shape;

    /// <summary>Lower limit of each number.</summary>
    public IReadOnlyList<float> Low => _low;

    /// <summary>Upper limit of each number.</summary>
    public IReadOnlyList<float> High => _high;

    /// <summary>Name of each number, or empty.</summary>
    public IReadOnlyList<string> Labels => _labels;

    /// <summary>How the numbers are stored.</summary>
    public ElementType Type { get; }

    /// <summary>A vector of <paramref name="size"/> numbers between −limit and limit.</summary>
    public static Box Symmetric(int size, float limit = 1)
        => new(Enumerable.Repeat(-limit, size).ToArray(), Enumerable.Repeat(limit, size).ToArray());

    /// <summary>A vector of labelled numbers without limits.</summary>
    public static Box Unbounded(IReadOnlyList<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return new(Enumerable.Repeat(float.NegativeInfinity, labels.Count).ToArray(),
            Enumerable.Repeat(float.PositiveInfinity, labels.Count).ToArray(), labels);
    }

    /// <summary>A vector of the numbers of both, in this order; labelled where both are.</summary>
    /// <exception cref="ArgumentException">They store numbers of different types.</exception>
    public static Box Join(Box first, Box second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Type != second.Type) throw new ArgumentException($"{first} and {second} are of different types and make no single box");
        bool labelled = first._labels.Length > 0 && second._labels.Length > 0;
        return new([.. first._low, .. second._low], [.. first._high, .. second._high],
            labelled ? [.. first._labels, .. second._labels] : null, type: first.Type);
    }

    /// <summary>The same box of float32 where this one is of bytes: fractions of the upper limit, in [0, 1]; itself where it is not.</summary>
    /// <exception cref="ArgumentException">Bytes of several upper limits, or of 0.</exception>
    public Box AsUnit()
    {
        if (Type == ElementType.Float32) return this;
        RequireOneLimit();
        return new([.. _low.Select(low => low / _high[0])], Enumerable.Repeat(1f, Size).ToArray(), Labels, _shape);
    }

    /// <summary>Writes bytes of this box as fractions of its upper limit.</summary>
    /// <param name="bytes">Any number of rows <c>[rows, Size]</c>.</param>
    /// <param name="target">As many numbers.</param>
    /// <exception cref="ArgumentException">Bytes of several upper limits, or spans of different lengths.</exception>
    public void ToUnit(ReadOnlySpan<byte> bytes, Span<float> target)
    {
        if (bytes.Length != target.Length) throw new ArgumentException($"{bytes.Length} bytes make as many numbers, not {target.Length}");
        float scale = 1 / RequireOneLimit();
        int start = 0;
        for (; start + Vector128<byte>.Count <= bytes.Length; start += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Create(bytes[start..]));
            Widened(low, scale, target[start..]);
            Widened(high, scale, target[(start + 8)..]);
        }
        for (; start < bytes.Length; start++) target[start] = bytes[start] * scale;
    }

    public override bool Contains(ReadOnlySpan<float> values)
    {
        if (values.Length != Size) return false;
        for (int i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= _low[i] && values[i] <= _high[i])) return false;
        }
        return true;
    }

    private static void Widened(Vector128<ushort> numbers, float scale, Span<float> target)
    {
        var (low, high) = Vector128.Widen(numbers);
        (Vector128.ConvertToSingle(low.AsInt32()) * scale).CopyTo(target);
        (Vector128.ConvertToSingle(high.AsInt32()) * scale).CopyTo(target[4..]);
    }

    private float RequireOneLimit()
    {
        if (!_hasOneLimit) throw new ArgumentException($"{this} has bytes of several upper limits and no common scale");
        return _high[0];
    }

    public override string ToString()
    {
        string shape = string.Join(", ", _shape);
        string type = Type.ToString().ToLowerInvariant();
        string Limit(IReadOnlyList<float> limits)
            => limits.Distinct().Count() == 1 ? limits[0].ToString("g4", CultureInfo.InvariantCulture) : "…";
        return _low.Length == 0 ? $"Box([{shape}], {type})" : $"Box({Limit(_low)}, {Limit(_high)}, [{shape}], {type})";
    }
}

/// <summary>How the numbers of a box are stored.</summary>
public enum ElementType
{
    Float32,
    UInt8,
}
