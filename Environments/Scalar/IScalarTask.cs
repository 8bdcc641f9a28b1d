namespace Sim.Environments.Scalar;

/// <summary>
/// A task as a scalar kernel: static methods over a blittable state of integers, words and fixed-capacity lists, one
/// environment at a time. The form for branchy games; straight-line dynamics are lane tasks.
/// </summary>
/// <typeparam name="TState">
/// All that an episode is, packed: bytes between its fields would be chance, and equal episodes are to have equal states. It
/// is zero before the first reset.
/// </typeparam>
/// <typeparam name="TSettings">The task's configuration record struct.</typeparam>
/// <remarks>No method throws, allocates, or reads anything but its arguments.</remarks>
public interface IScalarTask<TState, TSettings>
    where TState : unmanaged
    where TSettings : unmanaged
{
    /// <summary>Starts an episode; every byte of the state is written, so that equal episodes have equal states.</summary>
    /// <param name="state">In: what the lane's last episode left. Out: the start.</param>
    /// <param name="draws">The lane's draws of this episode's reset.</param>
    /// <param name="settings">The configuration.</param>
    static abstract void Reset<TDraws>(ref TState state, ref TDraws draws, in TSettings settings)
        where TDraws : struct, IScalarDraws, allows ref struct;

    /// <summary>One control step under a valid choice.</summary>
    static abstract ScalarOutcome Step<TDraws>(ref TState state, int action, ref TDraws draws, in TSettings settings)
        where TDraws : struct, IScalarDraws, allows ref struct;

    /// <summary>Writes all bytes of the observation.</summary>
    static abstract void Observe(in TState state, in TSettings settings, Span<byte> observation);

    /// <summary>Whether steps may be taken from a state that came from outside: every index in it lies on the board.</summary>
    static abstract bool IsWhole(in TState state);
}

/// <summary>What a control step of a scalar kernel led to. Two whole words: a truth value of one byte, read back as four, would wait for its store.</summary>
/// <param name="reward">Of this step.</param>
/// <param name="terminated">Whether the episode ends.</param>
/// <param name="success">Whether the episode counts as a success as it stands.</param>
public readonly struct ScalarOutcome(float reward, bool terminated, bool success = false)
{
    private readonly uint _flags = (terminated ? 1u : 0) | (success ? 2u : 0);

    public float Reward { get; } = reward;

    public bool Terminated => (_flags & 1) != 0;

    public bool Success => (_flags & 2) != 0;
}

/// <summary>Random draws of a scalar kernel, in the order in which it asks: from a lane's stream, or from a recording.</summary>
public interface IScalarDraws
{
    /// <summary>Uniform in [0, 1).</summary>
    float Unit();

    /// <summary>A whole number from <paramref name="low"/> up to, not including, <paramref name="high"/>.</summary>
    int Between(int low, int high);
}
