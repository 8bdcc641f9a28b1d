using static TorchSharp.torch;

namespace Sim.Agents.Mixers;

/// <summary>
/// What a mixer remembers between steps: tensors in an order, each under a name, with a row for every sequence in dimension 0.
/// A state is never changed in place; what looks like a change makes another.
/// </summary>
public sealed class MixerState : IDisposable
{
    private readonly (string Name, Tensor Value)[] _entries;

    /// <summary>Takes the tensors over.</summary>
    public MixerState(params (string Name, Tensor Value)[] entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        _entries = entries;
    }

    /// <summary>Tensors it has.</summary>
    public int Count => _entries.Length;

    /// <summary>Sequences it has a row for.</summary>
    public long Batch => _entries.Length == 0 ? 0 : _entries[0].Value.shape[0];

    /// <summary>Numbers of one sequence.</summary>
    public long NumbersPerSequence => _entries.Sum(entry => entry.Value.numel()) / Math.Max(1, Batch);

    public IReadOnlyList<string> Names => [.. _entries.Select(entry => entry.Name)];

    public Tensor this[int index] => _entries[index].Value;

    /// <exception cref="ArgumentException">There is no tensor of that name.</exception>
    public Tensor this[string name] => Array.Find(_entries, entry => entry.Name == name).Value
        ?? throw new ArgumentException($"the state holds no '{name}'; it holds {string.Join(", ", Names)}");

    /// <summary>The states of several mixers as one: their tensors one after the other, named by position.</summary>
    public static MixerState Join(IReadOnlyList<MixerState> states)
    {
        ArgumentNullException.ThrowIfNull(states);
        return new([.. states.SelectMany((state, index) => state._entries.Select(entry => ($"{index}.{entry.Name}", entry.Value)))]);
    }

    /// <summary>Some of the tensors, as a view: disposing it is not needed.</summary>
    public MixerState Part(int start, int count) => new(_entries.AsSpan(start, count).ToArray());

    /// <summary>The rows of an index <c>[rows]</c> of int64, in its order; rows may come more than once.</summary>
    public MixerState Select(Tensor index) => Map(value => value.index_select(0, index));

    /// <summary>This state with the rows of an index <c>[rows]</c> of int64 taken from another, whose k-th row goes to the k-th place.</summary>
    public MixerState Scatter(Tensor index, MixerState rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new([.. _entries.Select((entry, i) => (entry.Name, entry.Value.index_copy(0, index, rows[i])))]);
    }

    /// <summary>The same numbers without the graph that made them.</summary>
    public MixerState Detach() => Map(value => value.detach());

    /// <summary>A copy in memory of its own, in the graph.</summary>
    public MixerState Clone() => Map(value => value.clone());

    /// <summary>All numbers of the state, tensor after tensor, for a checkpoint.</summary>
    public float[][] ToArrays()
    {
        using var scope = NewDisposeScope();
        return [.. _entries.Select(entry => entry.Value.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray())];
    }

    /// <summary>The state of the same shape with other numbers.</summary>
    /// <exception cref="ArgumentException">The arrays are of other lengths than <see cref="ToArrays"/> gives.</exception>
    public MixerState WithNumbers(IReadOnlyList<float[]> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        if (arrays.Count != Count) throw new ArgumentException($"the state has {Count} tensors, not {arrays.Count}");
        return new([.. _entries.Select((entry, i) => (entry.Name, arrays[i].Length == entry.Value.numel()
            ? tensor(arrays[i], entry.Value.shape, entry.Value.dtype, entry.Value.device)
            : throw new ArgumentException($"'{entry.Name}' of the state has {entry.Value.numel()} numbers, not {arrays[i].Length}")))]);
    }

    /// <summary>Lets the tensors outlive the innermost dispose scope.</summary>
    public MixerState MoveToOuterScope()
    {
        foreach (var (_, value) in _entries) value.MoveToOuterDisposeScope();
        return this;
    }

    public void Dispose()
    {
        foreach (var (_, value) in _entries) value.Dispose();
    }

    private MixerState Map(Func<Tensor, Tensor> change) => new([.. _entries.Select(entry => (entry.Name, change(entry.Value)))]);
}
