namespace Sim.Environments;

/// <summary>What a step does with an environment whose episode ended, as Gymnasium's vector environments name it.</summary>
public enum AutoresetMode
{
    /// <summary>
    /// The step that ends an episode also starts the next: the observation is the new episode's first, the ended
    /// one's last is kept as the final observation.
    /// </summary>
    SameStep,

    /// <summary>
    /// The step after the end starts the next episode: its action is ignored, its reward is 0 and both flags are
    /// false. Such a row is no transition.
    /// </summary>
    NextStep,

    /// <summary>
    /// An ended environment stands still, with reward 0 and its flags kept, until it is reset with a mask.
    /// </summary>
    Disabled,
}
