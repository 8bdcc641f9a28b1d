using static TorchSharp.torch;

namespace Sim.Agents.Drama;

/// <summary>Windows of steps on the device, in the caller's dispose scope.</summary>
/// <param name="Observations">What networks read, rows of windows one after the other <c>[B · T, …]</c>.</param>
/// <param name="Actions">Taken on seeing them: one-hot choices, or numbers in [−1, 1] <c>[B, T, actions]</c>.</param>
/// <param name="Rewards">What they led to <c>[B, T]</c>.</param>
/// <param name="Ends">1 where they ended the episode <c>[B, T]</c>.</param>
/// <param name="First">Whether the observation begins an episode, bool <c>[B, T]</c>.</param>
public sealed record SequenceWindows(Tensor Observations, Tensor Actions, Tensor Rewards, Tensor Ends, Tensor First);
