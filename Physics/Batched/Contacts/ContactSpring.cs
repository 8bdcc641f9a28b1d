namespace Sim.Physics.Batched.Contacts;

/// <summary>How soft a pair's contacts are, for the scene's substep.</summary>
/// <param name="Softness">Of its spring.</param>
/// <param name="MaximumRecoveryVelocity">m/s.</param>
internal readonly record struct ContactSpring(Softness Softness, float MaximumRecoveryVelocity);
