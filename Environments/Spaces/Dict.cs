namespace Sim.Environments.Spaces;

/// <summary>
/// Named boxes. Goal environments have <c>observation</c>, <c>achieved_goal</c> and <c>desired_goal</c>; an
/// optional <c>privileged</c> group is what only a critic may see.
/// </summary>
public sealed class Dict : Space
{
    private readonly (string Name, Box Space)[] _entries;

    /// <exception cref="ArgumentException">A name stands twice, or there is none.</exception>
    public Dict(params IReadOnlyList<(string Name, Box Space)> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count == 0) throw new ArgumentException("a dictionary space needs at least one entry");
        if (entries.Select(entry => entry.Name).Distinct().Count() != entries.Count)
            throw new ArgumentException("a dictionary space names each entry once");
        _entries = [.. entries];
    }

    /// <summary>The boxes in their order.</summary>
    public IReadOnlyList<(string Name, Box Space)> Entries => _entries;

    /// <summary>The box called <paramref name="name"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public Box this[string name]
        => _entries.FirstOrDefault(entry => entry.Name == name).Space
            ?? throw new KeyNotFoundException($"no entry '{name}'; there are {string.Join(", ", _entries.Select(entry => entry.Name))}");

    public override IReadOnlyList<int> Shape => [_entries.Sum(entry => entry.Space.Size)];

    public override bool Contains(ReadOnlySpan<float> values)
    {
        if (values.Length != Size) return false;
        int start = 0;
        foreach (var (_, space) in _entries)
        {
            if (!space.Contains(values.Slice(start, space.Size))) return false;
            start += space.Size;
        }
        return true;
    }

    public override string ToString()
        => $"Dict({string.Join(", ", _entries.Select(entry => $"{entry.Name}: {entry.Space}"))})";
}
