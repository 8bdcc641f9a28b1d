using Sim.Environments.Spaces;

namespace Sim.Environments;

/// <summary>
/// One named part of the observations: <c>observation</c>, and where a task has them <c>achieved_goal</c>,
/// <c>desired_goal</c>, <c>privileged</c>; or what a step tells beside them, <c>info</c>.
/// </summary>
/// <param name="Name">Gymnasium's key.</param>
/// <param name="Space">What a row may hold.</param>
/// <param name="Current">Observations after the last step or reset, <c>[count, size]</c>.</param>
/// <param name="Final">
/// Last observation of the episode that just ended, <c>[count, size]</c>; a row means something only where the last
/// step set <c>terminated</c> or <c>truncated</c>.
/// </param>
public sealed record ObservationGroup(string Name, Box Space, BatchBuffer Current, BatchBuffer Final);
