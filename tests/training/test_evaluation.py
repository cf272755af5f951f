import pytest
import torch

from resnet.datasets import load_dataset
from resnet.datasets.batches import Batches
from resnet.nets.network import build_network
from resnet.nets.statistics import calibrate
from resnet.specs import NetSpec
from resnet.training.evaluation import evaluate

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def splits():
    dataset = load_dataset("digits")
    return Batches(dataset, dataset.train, CPU), Batches(dataset, dataset.test, CPU)


def state(net):
    return {name: tensor.clone() for name, tensor in net.state_dict().items()}


def test_calibrated_statistics_are_the_means_of_the_training_batches(splits):
    train, _ = splits
    net = build_network(NetSpec.parse("res-8-w4"), channels=1)
    calibrate(net, train, images=512)
    outputs = [net.stem.conv(batch) for batch, _ in train.in_order(128, limit=512)]
    mean = torch.stack([output.mean((0, 2, 3)) for output in outputs]).mean(0)
    variance = torch.stack([output.var((0, 2, 3)) for output in outputs]).mean(0)
    torch.testing.assert_close(net.stem.norm.running_mean, mean)
    torch.testing.assert_close(net.stem.norm.running_var, variance)


def test_an_untrained_net_is_near_chance_once_calibrated(splits):
    # With running statistics at their initial 0 and 1 the logits of plain-56 are absurd.
    net = build_network(NetSpec.parse("plain-20-w4"), channels=1)
    result = evaluate(net, *splits)
    assert 2.0 < result.loss < 3.5
    assert result.accuracy < 0.3


def test_evaluating_leaves_the_net_as_it_was(splits):
    net = build_network(NetSpec.parse("res-8-w4"), channels=1).train()
    before = state(net)
    evaluate(net, *splits)
    assert net.training
    assert all(module.training for module in net.modules())
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())


def test_loss_and_accuracy_are_the_means_over_all_test_images(splits):
    train, test = splits
    net = build_network(NetSpec.parse("res-8-w4-nobn"), channels=1).eval()
    images, labels = test.take(slice(None))
    logits = net(images)
    result = evaluate(net, train, test)
    assert result.loss == pytest.approx(torch.nn.functional.cross_entropy(logits, labels).item(), rel=1e-5)
    assert result.accuracy == pytest.approx((logits.argmax(1) == labels).float().mean().item())


def test_an_error_while_evaluating_leaves_the_net_as_it_was(splits):
    train, test = splits
    net = build_network(NetSpec.parse("res-8-w4"), channels=1).train()
    net.stage1.eval()
    before, modes = state(net), [module.training for module in net.modules()]
    for calls in (1, 6):  # in the first batch that estimates the statistics, and in the second of the test images
        left = [calls]

        def fail(*_, left=left):
            left[0] -= 1
            if not left[0]:
                raise ZeroDivisionError

        handle = net.head.register_forward_pre_hook(fail)
        with pytest.raises(ZeroDivisionError):
            evaluate(net, train, test)
        handle.remove()
        assert [module.training for module in net.modules()] == modes
        assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
        assert {norm.momentum for norm in net.modules() if isinstance(norm, torch.nn.BatchNorm2d)} == {0.1}


def test_of_fewer_images_it_is_the_mean_over_the_first_ones(splits):
    train, test = splits
    net = build_network(NetSpec.parse("res-8-w4-nobn"), channels=1).eval()
    images, labels = test.take(slice(100))
    logits = net(images)
    result = evaluate(net, train, test, 100)
    assert result.loss == pytest.approx(torch.nn.functional.cross_entropy(logits, labels).item(), rel=1e-5)
    assert result.accuracy == pytest.approx((logits.argmax(1) == labels).float().mean().item())
    assert evaluate(net, train, test, 10**6) == evaluate(net, train, test)


def test_a_net_may_keep_the_statistics_that_fit_its_weights(splits):
    net, other = (build_network(NetSpec.parse("res-8-w4"), channels=1) for _ in range(2))
    assert evaluate(net, *splits, settle=True) == evaluate(other, *splits)
    calibrate(other, splits[0])
    assert all(torch.equal(value, other.state_dict()[name]) for name, value in net.state_dict().items())
    assert not torch.equal(net.stem.norm.running_mean, torch.zeros(4))
