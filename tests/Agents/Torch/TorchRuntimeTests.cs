using NUnit.Framework;
using Sim.Agents.Torch;
using TorchSharp;

namespace Sim.Tests.Agents.Torch;

public sealed class TorchRuntimeTests
{
    [Test]
    public void Torch_loads_and_computes_and_loading_again_is_harmless()
    {
        TorchRuntime.EnsureLoaded();
        TorchRuntime.EnsureLoaded();
        using var ones = torch.ones(3);
        using var sum = ones.sum();
        Assert.That(TorchRuntime.IsLoaded, Is.True);
        Assert.That(sum.item<float>(), Is.EqualTo(3));
    }

    [Test]
    public void A_wrong_chosen_folder_gives_a_message_that_says_what_was_tried_and_what_to_do()
    {
        string folder = Directory.CreateTempSubdirectory("sim-test-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "libc10.so"), "");
            var thrown = Assert.Throws<TorchUnavailableException>(() => LibTorchLocation.Find(folder, "/app", "/package"));
            Assert.That(thrown!.Message, Does.Contain($"{folder}: lacks libtorch_cpu.so, libtorch.so")
                .And.Contain($"{Path.Combine(folder, "lib")}: no such folder")
                .And.Contain($"SIM_LIBTORCH is set to '{folder}'").And.Contain("unset it"));
            Assert.That(thrown.Message, Does.Not.Contain("/package"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void Without_any_folder_the_message_lists_the_application_and_the_package()
    {
        var thrown = Assert.Throws<TorchUnavailableException>(() => LibTorchLocation.Find("", "/no-app", "/no-package"));
        Assert.That(thrown!.Message, Does.Contain("/no-app:").And.Contain("/no-package:").And.Contain("dotnet restore"));
    }

    [Test]
    public void A_folder_with_a_lib_folder_is_accepted_and_the_application_goes_before_the_package()
    {
        string root = Directory.CreateTempSubdirectory("sim-test-").FullName;
        try
        {
            string library = Stock(Path.Combine(root, "chosen", "lib"));
            string application = Stock(Path.Combine(root, "app"));
            string package = Stock(Path.Combine(root, "package"));
            Assert.That(LibTorchLocation.Find(Path.Combine(root, "chosen"), application, package), Is.EqualTo(library));
            Assert.That(LibTorchLocation.Find(null, application, package), Is.EqualTo(application));
            Assert.That(LibTorchLocation.Find(null, root, package), Is.EqualTo(package));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Test]
    public void Build_outputs_hold_no_copy_of_libtorch()
        => Assert.That(Directory.GetFiles(AppContext.BaseDirectory, "libtorch*", SearchOption.AllDirectories), Is.Empty);

    private static string Stock(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string name in (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
        {
            File.WriteAllText(Path.Combine(folder, name), "");
        }
        return folder;
    }
}
