using Sim.Agents.Runs;
using Sim.Agents.Training;
using Sim.Environments.Episodes;
using Sim.Protocols.Demonstrations;

namespace Sim.Cli.Actions;

/// <summary>Brings the files that <c>--demos</c> names into memory.</summary>
internal static class DemonstrationFiles
{
    /// <summary>Null where the run learns from none.</summary>
    /// <exception cref="BadInputException">A file is damaged, or of another environment; the message names it.</exception>
    public static DemonstrationData? Read(RunConfiguration plan)
    {
        if (plan.Demonstrations is not { Count: > 0 } files) return null;
        var spec = plan.FindEnvironment().Describe(plan.ReadEnvironmentSettings());
        string reading = files[0].Path;
        try
        {
            return DemonstrationData.Of(spec, Sets());
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException)
        {
            throw new BadInputException(error.Message.StartsWith(reading, StringComparison.Ordinal) ? error.Message : $"{reading}: {error.Message}");
        }

        IEnumerable<EpisodeSet> Sets()
        {
            foreach (var file in files)
            {
                reading = file.Path;
                using var demonstration = Demonstration.Open(file.Path);
                yield return demonstration.ToEpisodes();
            }
        }
    }
}
