namespace Sim.Protocols.Demonstrations.Recording;

/// <summary>Which episode runs in each lane.</summary>
internal sealed class RunningLanes(int count)
{
    private const int None = -1;

    private readonly int[] _episode = [.. Enumerable.Repeat(None, count)];
    private readonly ulong[] _firstStep = new ulong[count];

    public int Count => _episode.Length;

    public bool IsRunning(int lane) => _episode[lane] != None;

    /// <summary>Number of the episode of a lane that runs.</summary>
    public int EpisodeOf(int lane) => _episode[lane];

    /// <summary>Steps that its episode has taken before a step of the file.</summary>
    public int LengthAt(int lane, ulong step) => (int)(step - _firstStep[lane]);

    /// <summary>True when the episode has not taken a step yet.</summary>
    public bool HasJustBegun(int lane, ulong step) => _firstStep[lane] == step;

    public void Begin(int lane, int episode, ulong firstStep) => (_episode[lane], _firstStep[lane]) = (episode, firstStep);

    public void End(int lane) => _episode[lane] = None;
}
