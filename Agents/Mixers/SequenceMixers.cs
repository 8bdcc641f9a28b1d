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
        new("s4d", "diagonal state space, the same at every moment", (settings, draws) => new S4D(settings, draws)),
        new("mingru", "gated recurrent unit whose gates see the input alone", (settings, draws) => new MinGru(settings, draws)),
        new("gru", "gated recurrent unit", (settings, draws) => new Gru(settings, draws)),
        new("lstm", "long short-term memory", (settings, draws) => new Lstm(settings, draws)),
        new("slstm", "long short-term memory with an exponential gate", (settings, draws) => new SLstm(settings, draws)),
        new("aaren", "attention of a learned query, as a recurrence", (settings, draws) => new Aaren(settings, draws)),
        new("deltaproduct", "products of Householder steps on a matrix", (settings, draws) => new DeltaProduct(settings, draws)),
        new("paragru", "gated recurrent unit of diagonal recurrence, all moments by Newton's method", (settings, draws) => new ParaGru(settings, draws)),
        new("paralstm", "long short-term memory of diagonal recurrence, all moments by Newton's method", (settings, draws) => new ParaLstm(settings, draws)),
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
