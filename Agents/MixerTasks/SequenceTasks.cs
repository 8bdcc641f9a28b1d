using Sim.Environments.Configuration;

namespace Sim.Agents.MixerTasks;

/// <summary>The table of all tasks, at the sizes of <c>sim bench mixers</c>. A new one is a class and a line here.</summary>
public static class SequenceTasks
{
    public static IReadOnlyList<SequenceTask> All { get; } =
    [
        new ModularCounter("parity", modulus: 2, trainingLength: 40),
        new ModularCounter("mod-3", modulus: 3, trainingLength: 40),
        new SelectiveCopy(marked: 8, symbols: 8, trainingLength: 64),
        new Passkey(keys: 5, trainingLength: 256),
        new NBack([1, 2, 4, 8, 16], trainingLength: 64),
    ];

    /// <summary>The task of a name.</summary>
    /// <exception cref="SettingsException">There is none of that name; the message names all.</exception>
    public static SequenceTask Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(task => task.Name == name)
            ?? throw new SettingsException($"unknown task '{name}'. There are {string.Join(", ", All.Select(task => task.Name))}");
    }
}
