namespace Sim.Protocols.Demonstrations;

/// <summary>Whether an episode, played again, is what was recorded.</summary>
public enum ReplayVerdict
{
    /// <summary>Every reward, flag, info output and hash is the same, bit for bit.</summary>
    Exact,

    /// <summary>It differs from some step on.</summary>
    Diverged,

    /// <summary>It cannot be played here: another version, other settings, or a foreign recording.</summary>
    Unsupported,
}

/// <summary>Where an episode stopped being what was recorded.</summary>
/// <param name="Step">The first step whose outcome differs, counted from 0 in the episode.</param>
/// <param name="Agreed">Steps after which the state was still the same, as far as it was kept: the cause lies in this step or between the two.</param>
/// <param name="What">What differs: <c>start state</c>, <c>reward</c>, <c>flags</c>, <c>info output …</c>, <c>state</c>, <c>final observation</c>.</param>
/// <param name="Recorded">What the file says.</param>
/// <param name="Replayed">What came out.</param>
public sealed record ReplayDivergence(int Step, int Agreed, string What, string Recorded, string Replayed)
{
    /// <summary>The number of the state that differs most at the next state kept whole; null where none was.</summary>
    public StateDifference? State { get; init; }
}

/// <summary>The largest difference between two states.</summary>
/// <param name="Step">Steps of the episode before them.</param>
/// <param name="Count">Numbers of the state that differ.</param>
/// <param name="Number">Place of the number that differs most.</param>
/// <param name="Recorded">Its recorded value.</param>
/// <param name="Replayed">Its replayed value.</param>
public sealed record StateDifference(int Step, int Count, int Number, float Recorded, float Replayed)
{
    /// <summary>Largest absolute difference.</summary>
    public float Absolute => MathF.Abs(Recorded - Replayed);
}

/// <summary>What a replay of one episode found.</summary>
/// <param name="Episode">Its number.</param>
/// <param name="Verdict">Whether it is the same.</param>
/// <param name="Steps">Steps that were compared.</param>
public sealed record ReplayResult(int Episode, ReplayVerdict Verdict, int Steps)
{
    /// <summary>Why it cannot be played; empty where it can.</summary>
    public string Obstacle { get; init; } = "";

    public ReplayDivergence? Divergence { get; init; }
}
