namespace Sim.Environments.Lanes;

/// <summary>The reward of one step of a goal task, by what was achieved and what was desired.</summary>
/// <param name="achieved">Achieved goal, in the units of its group.</param>
/// <param name="desired">Desired goal.</param>
/// <param name="settings">The task's settings.</param>
public delegate float GoalReward<TSettings>(ReadOnlySpan<float> achieved, ReadOnlySpan<float> desired, in TSettings settings);
