using Sim.Environments;

namespace Sim.Agents.Training;

/// <summary>Returns, lengths and successes of the episodes that ended lately.</summary>
public sealed class EpisodeTracker(bool hasSuccess)
{
    private const int Window = 100;
    private readonly Queue<(float Return, int Length, bool Success)> _recent = new(Window);

    /// <summary>Episodes that ended since the start of training.</summary>
    public long Episodes { get; private set; }

    /// <summary>Mean return of the last 100 episodes; null before the first.</summary>
    public double? ReturnMean => _recent.Count == 0 ? null : _recent.Average(episode => episode.Return);

    /// <summary>Mean length of the last 100 episodes, steps; null before the first.</summary>
    public double? LengthMean => _recent.Count == 0 ? null : _recent.Average(episode => episode.Length);

    /// <summary>Share of the last 100 episodes that succeeded; null before the first or where the task has no goal.</summary>
    public double? SuccessRate => _recent.Count == 0 || !hasSuccess ? null : _recent.Average(episode => episode.Success ? 1 : 0);

    /// <summary>Takes in the episodes that the last step ended.</summary>
    /// <exception cref="NonFiniteException">A lane's action or state was not finite.</exception>
    public void Observe(BatchEnvironment environments)
    {
        ArgumentNullException.ThrowIfNull(environments);
        var terminated = environments.Terminated;
        var truncated = environments.Truncated;
        int fault = environments.Faulted.IndexOf(true);
        if (fault >= 0) throw new NonFiniteException($"{environments.Spec.Id}: the action or state of lane {fault} was not finite");
        for (int lane = 0; lane < terminated.Length; lane++)
        {
            if (!terminated[lane] && !truncated[lane]) continue;
            Episodes++;
            if (_recent.Count == Window) _recent.Dequeue();
            _recent.Enqueue((environments.EpisodeReturns[lane], environments.EpisodeLengths[lane], environments.IsSuccess[lane]));
        }
    }

    internal void Save(Checkpoint checkpoint)
    {
        checkpoint.Put<long>("episodes/count", [Episodes]);
        checkpoint.Put<float>("episodes/returns", [.. _recent.Select(episode => episode.Return)]);
        checkpoint.Put<int>("episodes/lengths", [.. _recent.Select(episode => episode.Length)]);
        checkpoint.Put<byte>("episodes/successes", [.. _recent.Select(episode => episode.Success ? (byte)1 : (byte)0)]);
    }

    internal void Load(Checkpoint checkpoint)
    {
        Episodes = checkpoint.Get<long>("episodes/count")[0];
        float[] returns = checkpoint.Get<float>("episodes/returns");
        int[] lengths = new int[returns.Length];
        byte[] successes = new byte[returns.Length];
        checkpoint.Get<int>("episodes/lengths", lengths);
        checkpoint.Get<byte>("episodes/successes", successes);
        _recent.Clear();
        for (int i = 0; i < returns.Length; i++) _recent.Enqueue((returns[i], lengths[i], successes[i] != 0));
    }
}
