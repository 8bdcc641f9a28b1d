namespace Sim.Physics.Collision;
public static class CompoundPairs { }
