using Sim.Environments.Configuration;

namespace Sim.Agents.Mixers;

/// <summary>A row of the table of mixers.</summary>
/// <param name="Name">As in settings.</param>
/// <param name="Title">In words.</param>
/// <param name="Create">Makes one; the parameters are drawn from what is given.</param>
public sealed record MixerKind(string Name, string Title, Func<MixerSettings, WeightDraws, SequenceMixer> Create);

/// <summary>The table of all mixers. A new one is a class and a line here.</summary>
public static class SequenceMixers
{
    public static IReadOnlyList<MixerKind> All { get; } =
    [
        new("mamba2", "selective state space with one decay a head", (settings, draws) => new Mamba2(settings, draws)),
        new("mamba1", "selective state space with a decay for every number of the state", (settings, draws) => new Mamba1(settings, draws)),
        new("mingru", "gated recurrent unit whose gates see the input alone", (settings, draws) => new MinGru(settings, draws)),
        new("gru", "gated recurrent unit", (settings, draws) => new Gru(settings, draws)),
        new("lstm", "long short-term memory", (settings, draws) => new Lstm(settings, draws)),
    ];

    /// <summary>The mixer of a name.</summary>
    /// <exception cref="SettingsException">There is none of that name; the message names the nearest.</exception>
    public static MixerKind Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(kind => kind.Name == name)
            ?? throw new SettingsException($"unknown mixer '{name}'{(NearestName.Of(name, All.Select(kind => kind.Name)) is { } nearest ? $"; the nearest is '{nearest}'" : "")}. There are {string.Join(", ", All.Select(kind => kind.Name))}");
    }
}
