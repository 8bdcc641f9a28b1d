namespace Sim.Physics.Scenes;

/// <summary>What happens to the angular velocity of a body that nothing turns.</summary>
public enum AngularIntegrationMode
{
    /// <summary>It stays as it is: cheapest, and stable for all but the fastest long or flat bodies.</summary>
    Nonconserving,

    /// <summary>Angular momentum is kept from pose to pose; gains a little energy.</summary>
    ConserveMomentum,

    /// <summary>One implicit step of Euler's equation, T·ω̇ + ω × Tω = 0; loses a little energy. For drones and thrown tools.</summary>
    ConserveMomentumWithGyroscopicTorque,
}
