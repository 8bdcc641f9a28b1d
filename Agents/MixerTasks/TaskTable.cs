using Sim.Agents.Mixers;

namespace Sim.Agents.MixerTasks;

/// <summary>
/// All runs of some mixers on some tasks with the seeds 1 … n: the first seed of all of them before the second of any, so that a table is whole early. Runs that the file
/// has are not run again.
/// </summary>
public sealed class TaskTable
{
    private readonly IReadOnlyList<string> _mixers;
    private readonly IReadOnlyList<SequenceTask> _tasks;
    private readonly int _seeds;
    private readonly TaskSettings _settings;

    /// <exception cref="Environments.Configuration.SettingsException">There is no such mixer or task, or a setting is out of range.</exception>
    public TaskTable(IReadOnlyList<string> mixers, IReadOnlyList<string> tasks, int seeds, TaskSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        settings.Validate();
        _mixers = [.. mixers.Select(name => SequenceMixers.Find(name).Name)];
        _tasks = [.. tasks.Select(SequenceTasks.Find)];
        (_seeds, _settings) = (seeds, settings);
    }

    /// <summary>Runs of the table.</summary>
    public int Runs => _mixers.Count * _tasks.Count * _seeds;

    /// <summary>Those of some results that belong to the table, in its order. Runs that had another time to learn do not.</summary>
    public IReadOnlyList<TaskResult> Of(IReadOnlyList<TaskResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        return [.. Keys().Select(key => Done(results, key)).OfType<TaskResult>()];
    }

    /// <summary>Runs what the file lacks, one after the other, and adds each result when it is there.</summary>
    /// <param name="file">What is done, and where results go.</param>
    /// <param name="finished">Called after every run.</param>
    /// <param name="cancellation">Ends the run under way, which leaves no line.</param>
    /// <returns>Whether all is done.</returns>
    /// <exception cref="Torch.TorchUnavailableException">libtorch cannot be loaded.</exception>
    public bool Complete(TaskResultFile file, Action<TaskResult> finished, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(finished);
        foreach (var key in Keys().Where(key => Done(file.Results, key) is null))
        {
            TaskResult result;
            try
            {
                using var run = new TaskRun(key.Task, key.Mixer, key.Seed, _settings);
                result = run.Run(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return false;
            }
            file.Append(result);
            finished(result);
        }
        return true;
    }

    private IEnumerable<(string Mixer, SequenceTask Task, ulong Seed)> Keys()
        => from seed in Enumerable.Range(1, _seeds)
           from mixer in _mixers
           from task in _tasks
           select (mixer, task, (ulong)seed);

    private TaskResult? Done(IReadOnlyList<TaskResult> results, (string Mixer, SequenceTask Task, ulong Seed) key) => results.FirstOrDefault(
        result => result.Mixer == key.Mixer && result.Task == key.Task.Name && result.Seed == key.Seed && result.Budget == _settings.Seconds);
}
