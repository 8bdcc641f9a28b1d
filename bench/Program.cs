using Sim.Bench;
#if !WITHOUT_TORCH
using Sim.Bench.Agents;
#endif
using Sim.Bench.Lanes;
using Sim.Bench.Physics;

switch (args)
{
    case ["contract-shape"]: ContractShape.Run(); return 0;
#if !WITHOUT_TORCH
    case ["network-update"]: NetworkUpdate.Run(); return 0;
    case ["ddpg-update", string rows, string updates]: DdpgShapedUpdate.Run(int.Parse(rows), int.Parse(updates)); return 0;
    case ["mixer-forms"]: MixerForms.Run("cpu"); return 0;
    case ["mixer-forms", string device]: MixerForms.Run(device); return 0;
    case ["memory-soak", string backend, string minutes]: MemorySoak.Run(backend, double.Parse(minutes)); return 0;
    case ["gate", string algorithm, string environment, .. var rest]: return LearningGates.Run(algorithm, environment, rest);
#endif
    case ["steps", string id, string count, string threads, string lanes]: StepCosts.Run(id, int.Parse(count), int.Parse(threads), int.Parse(lanes)); return 0;
    case ["expert-steps", string id, string count, string steps]: return ExpertSteps.Run(id, int.Parse(count), int.Parse(steps));
    case ["profile-steps", string id, string count, string lanes]: ProfileSteps.Run(id, int.Parse(count), int.Parse(lanes)); return 0;
    case ["collision-costs"]: CollisionCosts.Run(); return 0;
    case ["gpu-proof"]: return GpuProof.Run();
    case ["peer-scene", string scene]: PeerScene.Write(scene, Console.Out); return 0;
    case ["physics-peers", .. var scenes]: return PhysicsPeers.Run(scenes);
    default:
        Console.Error.WriteLine("usage: bench contract-shape | collision-costs | gpu-proof | network-update | ddpg-update <rows> <updates> | mixer-forms [device] | memory-soak fused|torch <minutes> | gate <algorithm> <environment> [seeds] [setting=value ...] | steps <environment> <count> <threads> <lanes> | expert-steps <environment> <count> <steps> | profile-steps <environment> <count> <lanes> | peer-scene <scene> | physics-peers [scenes]");
        return 2;
}
